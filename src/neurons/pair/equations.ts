import * as neuron from "../../../kernels/neuron/mod.ts";
import { joinValues, type TemplateValues } from "../../gpu/template.ts";
import { type NeuronDescription, stateOf } from "../model.ts";
import { isUniform, type KernelConstants, kernelConstants } from "./constants.ts";
import { checkState, stateText } from "./state.ts";

/** How a kernel uses neurons' equations. */
export interface EquationsOptions {
  /** Neurons of a sample, where a constant has a number for each. */
  readonly features?: number | undefined;
  /**
   * Which of them the first neuron is.
   *
   * @default {0}
   */
  readonly firstFeature?: number | undefined;
  /**
   * Whether the state before the first step is in a buffer rather than among the constants.
   *
   * @default {false}
   */
  readonly storedInitial?: boolean | undefined;
}

/** The WGSL of neurons and the values that it takes. */
export interface NeuronEquations {
  /** `State`, the constants, `prepare`, `charged`, `reset`, `fire_gradient` and what goes with them. */
  readonly texts: string[];
  /** Values of the texts. */
  readonly values: TemplateValues;
  /** The constants. */
  readonly constants: KernelConstants;
}

/**
 * The WGSL of neurons, and the values that it takes.
 *
 * @param description The neurons.
 * @param options How a kernel uses them.
 * @returns The equations.
 * @throws {TypeError} If the surrogate has a value of a name that the neurons have.
 * @throws {RangeError} If a constant has another number of values than a sample has neurons, or neurons adapt
 * whose reset is delayed.
 */
export function neuronEquations(
  description: NeuronDescription,
  options: EquationsOptions = {},
): NeuronEquations {
  checkState(description);
  if (description.adapts && description.resetDelay) {
    throw new RangeError(
      `Cannot compile ${description.kind} neurons as their reset can't be delayed: ` +
        "the threshold that a spike met has changed by then",
    );
  }
  const { kind, surrogate, wgsl, choices = {}, fires = true } = description;
  const { features, firstFeature, storedInitial = false } = options;
  const use = { features, firstFeature, initial: !storedInitial };
  const constants = kernelConstants(description, use);
  return {
    texts: [
      ...fires ? [surrogate.wgsl] : [],
      stateText(description),
      constants.text,
      wgsl,
      neuron.charged,
      ...fires ? [neuron.reset] : [],
    ],
    values: joinValues({
      ...fires ? { [`the surrogate "${surrogate.name}"`]: surrogate.parameters } : {},
      [kind]: choices,
      "the constants": constants.values,
      "neurons": {
        stateSize: stateOf(description).length,
        fires,
        adapts: description.adapts ?? false,
        softReset: description.vReset === null,
        resetDelay: description.resetDelay ?? false,
        detachReset: description.detachReset,
      },
    }),
    constants,
  };
}

/**
 * Whether neurons may be part of a kernel that does more than simulate them: their state is a number,
 * their constants are the same for all, nothing is learned or kept, and no gradient reads the state.
 *
 * @param description The neurons.
 * @returns Whether they may.
 */
export function fitsOneKernel(description: NeuronDescription): boolean {
  const { affine = false, fires = true, storeV } = description;
  return affine && fires && !storeV && stateOf(description).length === 1 && isUniform(description);
}
