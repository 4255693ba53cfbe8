import * as neuron from "../../kernels/neuron/mod.ts";
import type { NeuronModel, NeuronValue } from "./model.ts";
import { checkTimeConstant, decayOf, type TimeConstant, timeToJson } from "./time_constant.ts";
import { checkEach, valueToJson } from "./values.ts";

/** Options of all current-based neurons. */
export interface CubaOptions {
  /**
   * The synapses' time constant, in time steps, at least 1.
   *
   * @default {2}
   */
  tauSyn?: TimeConstant;
  /**
   * The membrane's time constant, in time steps, at least 1.
   *
   * @default {4}
   */
  tauMem?: TimeConstant;
  /**
   * Whether the input decays as it is added to the current: it is divided by `tauSyn`.
   *
   * @default {false}
   */
  decayInput?: boolean;
  /**
   * Whether the current decays as it is added to the potential: it is divided by `tauMem`.
   *
   * @default {false}
   */
  decayCurrent?: boolean;
  /** The potential that it leaks to. By default `vReset` of neurons that fire, or 0. */
  vRest?: NeuronValue;
  /**
   * The synaptic current before the first step.
   *
   * @default {0}
   */
  iInit?: NeuronValue;
}

/** What all current-based neurons have, defaults filled in. */
export type CubaConstants = Readonly<Required<CubaOptions>>;

/**
 * Checks what all current-based neurons have.
 *
 * @param what What can't be done, for messages.
 * @param options The options.
 * @param rest The potential that they leak to, where the options don't say.
 * @returns The options, defaults filled in.
 * @throws {RangeError} If a time constant is less than 1 (one that is learned must be greater), or a
 * potential or a current isn't finite.
 */
export function cubaConstants(
  what: string,
  options: CubaOptions,
  rest: NeuronValue,
): CubaConstants {
  return {
    tauSyn: checkTimeConstant(what, "tauSyn", options.tauSyn ?? 2),
    tauMem: checkTimeConstant(what, "tauMem", options.tauMem ?? 4),
    decayInput: options.decayInput ?? false,
    decayCurrent: options.decayCurrent ?? false,
    vRest: checkEach(what, "vRest", options.vRest ?? rest),
    iInit: checkEach(what, "iInit", options.iInit ?? 0),
  };
}

/**
 * How current-based neurons charge.
 *
 * @param constants Their constants.
 * @returns The model, but for its kind.
 */
export function cubaModel(
  { tauSyn, tauMem, decayInput, decayCurrent, vRest, iInit }: CubaConstants,
): Omit<NeuronModel, "kind"> {
  return {
    wgsl: neuron.cuba,
    state: ["v", "i"],
    constants: {
      synDecay: decayOf(tauSyn, "w_syn"),
      memDecay: decayOf(tauMem, "w_mem"),
      rest: vRest,
    },
    choices: { decayInput, decayCurrent },
    initial: { i: iInit },
    affine: true,
  };
}

/**
 * What makes current-based neurons again.
 *
 * @param constants Their constants.
 * @returns The options, for JSON.
 */
export function cubaJson(
  { tauSyn, tauMem, decayInput, decayCurrent, vRest, iInit }: CubaConstants,
): Record<string, unknown> {
  return {
    tauSyn: timeToJson(tauSyn),
    tauMem: timeToJson(tauMem),
    decayInput,
    decayCurrent,
    vRest: valueToJson(vRest),
    iInit: valueToJson(iInit),
  };
}
