import { dropout } from "../../kernels/mod.ts";
import { workgroupsFor } from "../gpu/kernel.ts";
import type { Compilation } from "../signal/compilation.ts";
import { hashAll } from "../signal/random.ts";
import type {
  ConstantSignal,
  DenseSignal,
  Signal,
  SignalGradient,
  SpikeSignal,
} from "../signal/signal.ts";
import { denseBytes } from "../signal/dense.ts";
import { timeQuads, timeWords } from "../signal/time.ts";
import type { CompiledLayer, Layer } from "./layer.ts";

/** What tells the random numbers of dropout from those of others with the same key. */
const STREAM = 0x64726f70;
const WORDS = 2 ** 32;
/** Lanes of a workgroup in `kernels/dropout/keep.wgsl`. */
const LANES = 64;

/** How many dropouts each plan has so far: each draws its own numbers. */
const dropouts = new WeakMap<Compilation, number>();

/** A dropout cut for a plan: what its kernels share. */
interface Cut {
  readonly compilation: Compilation;
  readonly values: Readonly<Record<"neurons" | "layer" | "dropBelow", number>>;
  readonly groups: [number, number];
  /** 1 / (1 - p) */
  readonly scale: number;
}

/**
 * Drops each (sample, feature) with probability p in each training step, for all T alike, and scales
 * the others up:
 *
 * ```text
 * output[t] = mask / (1 - p) input[t],  mask = 0 with probability p, else 1
 * ```
 *
 * so the mean stays. In a step that doesn't learn, `output = input`.
 *
 * Source: `Dropout` of SpikingJelly in multi-step mode. The mask is a pure function of the seed, the
 * training step, the layer's place among the network's dropouts, the sample's place in the batch and
 * the feature.
 *
 * Spikes stay spikes, one bit each: the signal that comes out says that a spike counts `1 / (1 - p)` in
 * a step that learns, and the layer that reads it multiplies. The neurons' potential isn't passed on.
 *
 * @example
 * ```ts
 * import { Dropout, LifNode, Linear, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([new Linear(784, 10), new Dropout(0.2), new LifNode()]);
 * ```
 */
export class Dropout implements Layer {
  /** The kind of layer. */
  readonly kind = "Dropout";
  /** The probability that a feature is dropped. */
  readonly p: number;

  /**
   * Describes the layer.
   *
   * @param p The probability that a feature is dropped; 0.5 by default.
   * @throws {RangeError} If `p` isn't at least 0 and less than 1.
   */
  constructor(p = 0.5) {
    if (!(p >= 0 && p < 1)) {
      throw new RangeError(
        `Cannot create a Dropout layer as p must be at least 0 and less than 1: current value is ${p}`,
      );
    }
    this.p = p;
  }

  /**
   * Features of a sample that the layer gives: as many as come in.
   *
   * @param input Features of a sample that come in.
   * @returns The same.
   */
  outputFeatures(input: number): number {
    return input;
  }

  /**
   * Adds the layer's kernels to a plan.
   *
   * @param compilation The plan in the making.
   * @param input The spikes, or numbers, `[T, batch, features]`, or numbers `[batch, features]` that
   * are the same at each time step.
   * @returns A signal of the same kind and shape; the gradient is masked in place.
   * @throws {TypeError} If the input is of another kind.
   */
  async compile(compilation: Compilation, input: Signal): Promise<CompiledLayer> {
    if (input.kind === "events" || input.kind === "pixels") {
      throw new TypeError(
        `Cannot compile a Dropout layer as it can't read a signal of ${input.kind}`,
      );
    }
    const number = dropouts.get(compilation) ?? 0;
    dropouts.set(compilation, number + 1);
    const neurons = compilation.batchSize * input.features;
    const cut: Cut = {
      compilation,
      values: {
        neurons,
        layer: hashAll(STREAM, number),
        dropBelow: Math.min(Math.round(this.p * WORDS), WORDS - 1),
      },
      groups: workgroupsFor(neurons, LANES),
      scale: 1 / (1 - this.p),
    };
    const output = input.kind === "spikes"
      ? await dropSpikes(cut, input)
      : await dropValues(cut, input);
    return {
      output,
      backward: (gradient, inputNeeded) =>
        // A spike's scale is in its gradient already: who read the spikes applied it.
        backward(cut, gradient, inputNeeded, input.kind === "spikes" ? 1 : cut.scale),
    };
  }
}

async function dropSpikes(cut: Cut, input: SpikeSignal): Promise<SpikeSignal> {
  const { compilation, values, groups, scale } = cut;
  const { gpu, timeSteps, steps: step } = compilation;
  const words = timeWords(timeSteps);
  const output: SpikeSignal = {
    kind: "spikes",
    features: input.features,
    spikes: compilation.buffer(words * values.neurons * 4, "kept spikes"),
    counts: compilation.buffer(values.neurons * 4, "kept spike counts"),
    scale: (input.scale ?? 1) * scale,
  };
  const kernel = await gpu.compile({
    name: "dropout/spikes",
    texts: [dropout.spikes],
    values: { ...values, words },
  });
  const { spikes, counts } = output;
  const input_counts = input.counts;
  compilation.add(
    "forward",
    await kernel.bind({ step, input: input.spikes, input_counts, spikes, counts }, groups),
  );
  return output;
}

async function dropValues<S extends DenseSignal | ConstantSignal>(cut: Cut, input: S): Promise<S> {
  const { compilation, values, groups, scale } = cut;
  const { gpu, timeSteps, steps: step } = compilation;
  const dense = input.kind === "dense";
  const { neurons } = values;
  const bytes = dense ? denseBytes(timeSteps, neurons) : neurons * 4;
  const kept = compilation.buffer(bytes, "kept values");
  const kernel = await gpu.compile({
    name: "dropout/values",
    texts: [dropout.values],
    values: { ...values, scale, quads: timeQuads(timeSteps), dense, inPlace: false },
  });
  compilation.add(
    "forward",
    await kernel.bind({ step, input: input.values, values: kept }, groups),
  );
  return { ...input, values: kept };
}

async function backward(
  { compilation, values, groups }: Cut,
  gradient: SignalGradient,
  inputNeeded: boolean,
  scale: number,
): Promise<SignalGradient | undefined> {
  if (gradient.kind === "potential") {
    throw new TypeError("Cannot compile a Dropout layer's gradient as it passes no potential on");
  }
  if (!inputNeeded) return undefined;
  const { gpu, timeSteps, steps: step } = compilation;
  const dense = gradient.kind === "dense";
  const kernel = await gpu.compile({
    name: "dropout/values",
    texts: [dropout.values],
    values: { ...values, scale, quads: timeQuads(timeSteps), dense, inPlace: true },
  });
  compilation.add("backward", await kernel.bind({ step, values: gradient.values }, groups));
  return gradient;
}
