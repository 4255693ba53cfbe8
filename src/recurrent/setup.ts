/**
 * What all variants of a recurrent layer share: signals, parameters, the neurons' equations, and the gradients
 * of what is learned. A variant brings the loop over time.
 *
 * @module
 */

import * as linear from "../../kernels/linear/mod.ts";
import { denseBytes } from "../core/dense.ts";
import type { CompiledLayer } from "../core/layer.ts";
import type { Parameter, Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { Gradient, NumberSignal, Signal, SpikeSignal } from "../core/signal.ts";
import { timeWords } from "../core/time.ts";
import { numbers, scaleGradient, stored } from "../feeds/stored.ts";
import { sumOverTime } from "../layers/gradient.ts";
import { cutProduct } from "../layers/product/cut.ts";
import { addProductGradient } from "../layers/product/gradient.ts";
import type { Product } from "../layers/product/product.ts";
import { type NeuronDescription, stateOf } from "../neurons/model.ts";
import { observeSpikes } from "../neurons/observe.ts";
import { equationsOf } from "../neurons/pair/compile.ts";
import type { NeuronEquations } from "../neurons/pair/equations.ts";
import { bindLearnedGradients, learnedTensors } from "../neurons/pair/learned.ts";
import { compilePair } from "../neurons/pair/pair.ts";
import type { NeuronRun } from "../neurons/pair/run.ts";

/** The scope of the recurrent weights, as snnTorch's `RLeaky` names them. */
export const WEIGHTS = "recurrent";
/** The name by which the learned numbers of neurons are asked for. */
const LEARNED = "learned";

/** A recurrent layer, as its variants need to know it. */
export interface RecurrentShape {
  /** The neurons. */
  readonly description: NeuronDescription;
  /** Whether each neuron has a bias besides its weights. */
  readonly bias: boolean;
}

/** A recurrent layer in a program, but for its loop over time. */
export interface RecurrentSetup extends RecurrentShape {
  /** The layer's view of the program. */
  readonly scope: Scope;
  /** Neurons of a sample. */
  readonly features: number;
  /** The current. */
  readonly current: NumberSignal;
  /** What charges the neurons: the current and what they hear. Nothing reads it where nothing is learned. */
  readonly total: NumberSignal | undefined;
  /** Whether what charges the neurons must be kept, as their state is asked for. */
  readonly traced: boolean;
  /** What they fire. */
  readonly output: SpikeSignal;
  /** Weights `[from][to]`, then the bias. */
  readonly parameter: Parameter;
  /** The neurons' equations. */
  readonly equations: NeuronEquations;
  /** What those read. */
  readonly constants: Readonly<Record<string, GPUBuffer>>;
}

/** The gradients that come into a loop, and those that it leaves besides that of the current. */
export interface LoopGradients {
  /** That of the spikes. */
  readonly output: { readonly over: "time" | "constant"; readonly buffer: GPUBuffer } | undefined;
  /** Those of the state's variables after each step. */
  readonly traces: Readonly<Record<string, GPUBuffer>>;
  /** f32 `[learned tensors][neurons]`, the neurons' shares in the gradients of what they learn. */
  readonly shares: GPUBuffer | undefined;
}

/** A loop over time in a program. */
export interface Loop {
  /** Adds the way back: the gradient of what charges the neurons is written over that. */
  backward(gradients: LoopGradients): Promise<void>;
}

/**
 * Adds a recurrent layer to a program.
 *
 * @param layer The layer.
 * @param signal The current `[T, batch, features]`.
 * @param scope The layer's view of the program.
 * @param addLoop Adds the loop over time.
 * @returns What the neurons fire, and how gradients go back.
 */
export async function compileRecurrent(
  layer: RecurrentShape,
  signal: Signal,
  scope: Scope,
  addLoop: (setup: RecurrentSetup) => Promise<Loop>,
): Promise<CompiledLayer> {
  const { description } = layer;
  const { gpu, batchSize, timeSteps, lengths, mode } = scope;
  const own = await stored(scope, signal);
  const current = await numbers(scope, own);
  const { shape } = current;
  const features = sizeOf(shape);
  const neurons = batchSize * features;
  const run: NeuronRun = { neurons, timeSteps, features, lengths };
  // Before there is memory: errors of the description come from here.
  const equations = equationsOf(description, run);
  const learned = learnedTensors(description).length > 0 ? scope.parameter(LEARNED) : undefined;
  const fired: SpikeSignal = {
    kind: "spikes",
    shape,
    over: "time",
    spikes: scope.buffer(timeWords(timeSteps) * neurons * 4, "spikes"),
    counts: scope.buffer(neurons * 4, "spike counts"),
  };
  const product = weightsOf(features, layer.bias);
  const cut = await cutProduct(scope.child(WEIGHTS), fired, product, { delayed: true });
  const recorded = mode === "record" ? stateOf(description) : [];
  const kept = description.storeV && recorded.length === 0 ? ["v"] : recorded;
  const total: NumberSignal | undefined = mode === "train" || kept.length > 0
    ? {
      kind: "numbers",
      shape,
      over: "time",
      values: scope.buffer(denseBytes(timeSteps, neurons), "total current"),
    }
    : undefined;
  const each = equations.constants.each;
  const constants = each.length > 0 ? scope.buffer(each.byteLength, "constants") : undefined;
  if (constants) gpu.write(constants, each);
  const loop = await addLoop({
    ...{ ...layer, scope, features, current, total, output: fired, equations },
    traced: kept.length > 0,
    parameter: cut.parameter,
    constants: {
      ...constants ? { constants } : {},
      ...learned ? { learned: learned.values } : {},
    },
  });
  await observeSpikes(scope, description.kind, fired);
  const traces = kept.length > 0
    ? await tracesOf(scope, description, { ...run, traces: kept }, total!, learned)
    : undefined;
  return {
    output: { ...fired, ...traces ? { traces } : {} },
    async backward({ values, traces = {} }: Gradient, needed) {
      if (values?.over === "summed") {
        throw new TypeError("Cannot take the gradient of neurons from that of a constant signal");
      }
      const shares = learned
        ? scope.buffer(equations.constants.learned.length * neurons * 4, "shares")
        : undefined;
      await loop.backward({ output: values as LoopGradients["output"], traces, shares });
      if (learned && shares) {
        const buffers = { shares, learned: learned.values, gradient: learned.gradient };
        for (const dispatch of await bindLearnedGradients(gpu, description, run, buffers)) {
          scope.add("backward", dispatch);
        }
      }
      const { values: gradient } = total!;
      await addProductGradient(cut, gradient, gpu.readsUniform(gradient.size));
      if (!needed) return undefined;
      if (current.over === "constant") {
        return { values: { over: "summed", buffer: await sumOverTime(scope, gradient, shape) } };
      }
      await scaleGradient(scope, own, gradient);
      return { values: { over: "time", buffer: gradient } };
    },
  };
}

/** The product of what neurons fired with their weights. */
function weightsOf(features: number, bias: boolean): Product {
  return {
    kind: "Recurrent",
    prefix: WEIGHTS,
    map: { text: linear.rows, values: {} },
    contiguous: true,
    padded: false,
    backPadded: false,
    input: [features],
    output: [features],
    outputPlaces: 1,
    inputPlaces: 1,
    taps: 1,
    tapFeatures: features,
    groups: 1,
    outputs: features,
    bias,
  };
}

/** Variables of the state after each step: those of neurons alone that are charged by the same. */
async function tracesOf(
  scope: Scope,
  description: NeuronDescription,
  run: NeuronRun,
  { values }: NumberSignal,
  learned: Parameter | undefined,
): Promise<Readonly<Record<string, GPUBuffer>>> {
  const pair = await compilePair(scope.gpu, description, run, {
    current: values,
    learned: learned?.values,
    buffer: (bytes, label) => scope.buffer(bytes, label),
  });
  scope.add("forward", pair.forward);
  return pair.traces;
}
