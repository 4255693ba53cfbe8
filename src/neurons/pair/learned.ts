import { includes } from "../../../kernels/includes.ts";
import * as neuron from "../../../kernels/neuron/mod.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { type Dispatch, workgroupsFor } from "../../gpu/dispatch.ts";
import { LOOP_ROUNDS } from "../../gpu/rounds.ts";
import { snakeCase } from "../../gpu/template.ts";
import type { LearnedConstant, NeuronConstant, NeuronModel } from "../model.ts";
import type { NeuronRun } from "./run.ts";

/** Lanes of a workgroup in `kernels/neuron/learned_gradient.wgsl`. */
const LANES = 64;

/** A tensor that neurons learn. */
export interface LearnedTensor {
  /** Its name in files. */
  readonly name: string;
  /** `[]` for the whole layer, `[features]` for one number for each neuron of a sample. */
  readonly shape: readonly number[];
  /** Its numbers before the first step. */
  readonly first: Float32Array<ArrayBuffer>;
  /** Where it stands among all that the layer learns, in one buffer. */
  readonly offset: number;
  /** The constant that follows from it, as its WGSL name. */
  readonly constant: string;
  /** How it follows. */
  readonly by: "sigmoid" | "exp" | "identity";
}

/** Where the neurons' shares in a gradient lie, and where the sum goes. */
export interface LearnedBuffers {
  /** f32 `[learned tensors][neurons]`: each neuron's share in the gradient of each constant. */
  readonly shares: GPUBuffer;
  /** f32: the learned tensors, one after the other. */
  readonly learned: GPUBuffer;
  /** f32: their gradients in the same order. */
  readonly gradient: GPUBuffer;
}

/**
 * Whether a constant is learned.
 *
 * @param constant The constant.
 * @returns Whether it is.
 */
export function isLearned(constant: NeuronConstant): constant is LearnedConstant {
  return typeof constant === "object" && "learned" in constant;
}

/**
 * What neurons learn: names, shapes and first values.
 *
 * @param model The neurons.
 * @returns The tensors in the order of their buffer.
 */
export function learnedTensors({ constants = {} }: NeuronModel): LearnedTensor[] {
  const tensors: LearnedTensor[] = [];
  let offset = 0;
  for (const [key, constant] of Object.entries(constants)) {
    if (!isLearned(constant)) continue;
    const { learned, by = "identity", name = key } = constant;
    const one = typeof learned === "number";
    const first = one ? Float32Array.of(learned) : Float32Array.from(learned);
    const shape = one ? [] : [first.length];
    tensors.push({ name, shape, first, offset, constant: snakeCase(key), by });
    offset += first.length;
  }
  return tensors;
}

/**
 * The first values of all that neurons learn.
 *
 * @param model The neurons.
 * @returns The numbers as they lie in the buffer; nothing if nothing is learned.
 */
export function firstLearned(model: NeuronModel): Float32Array<ArrayBuffer> | undefined {
  const tensors = learnedTensors(model);
  if (tensors.length === 0) return undefined;
  return Float32Array.from(tensors.flatMap(({ first }) => [...first]));
}

/**
 * Adds the neurons' shares up to the gradients of what they learn.
 *
 * @param gpu Where it will run.
 * @param model The neurons.
 * @param run How they were run.
 * @param buffers Where the numbers lie.
 * @returns A dispatch for each tensor.
 */
export async function bindLearnedGradients(
  gpu: Gpu,
  model: NeuronModel,
  { neurons, firstFeature = 0 }: NeuronRun,
  { shares, learned, gradient }: LearnedBuffers,
): Promise<Dispatch[]> {
  const dispatches: Dispatch[] = [];
  for (const [k, { constant, first, offset, by }] of learnedTensors(model).entries()) {
    // One sum keeps a workgroup busy; of many, a lane takes each.
    const sharers = first.length === 1 ? LANES : 1;
    const rounds = Math.ceil(neurons / (sharers * first.length));
    const kernel = await gpu.compile({
      name: `neuron/learned_gradient (${constant})`,
      texts: [neuron.learnedGradient],
      includes,
      values: {
        neurons,
        count: first.length,
        offset,
        firstShare: k * neurons,
        // From a number to the first neuron that it belongs to.
        shift: (first.length - firstFeature % first.length) % first.length,
        sharers,
        turns: Math.ceil(rounds / LOOP_ROUNDS),
        sigmoid: by === "sigmoid",
        exponential: by === "exp",
      },
    });
    const buffers = by === "identity" ? { shares, gradient } : { shares, learned, gradient };
    dispatches.push(await kernel.bind(buffers, workgroupsFor(first.length * sharers, LANES)));
  }
  return dispatches;
}
