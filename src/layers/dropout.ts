import * as dropout from "../../kernels/dropout/mod.ts";
import { denseBytes } from "../core/dense.ts";
import type { CompiledLayer, Layer } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Gradient, NumberSignal, Signal, SpikeSignal } from "../core/signal.ts";
import { timeQuads, timeWords } from "../core/time.ts";
import { stored } from "../feeds/stored.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";

/** One more than the largest word. */
const WORDS = 2 ** 32;
/** Lanes of a workgroup in `kernels/dropout/keep.wgsl`. */
const LANES = 64;

/** A dropout cut for a program: what its kernels share. */
interface Cut {
  readonly scope: Scope;
  readonly values: Readonly<
    Record<"neurons" | "features" | "together" | "layer" | "dropBelow", number>
  >;
  readonly workgroups: [number, number];
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
 * training step, the layer's path, the sample's place in the batch and
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
    this.p = checkDropout("Dropout", p);
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in.
   * @returns The same.
   */
  outputShape(input: Shape): Shape {
    return input;
  }

  /**
   * Adds the layer's kernels to a program; none where it doesn't learn.
   *
   * @param scope The layer's view of the program.
   * @param input The signal that comes in.
   * @returns A stored signal of the same shape; the gradient is masked in place.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    return compileDropout(scope, input, { p: this.p, together: 1 });
  }

  /** What makes the layer again. */
  toJSON(): { kind: "Dropout"; p: number } {
    return { kind: this.kind, p: this.p };
  }

  /** What a summary calls it. */
  title(): string {
    return `Dropout ${this.p}`;
  }
}

/**
 * Checks the probability of a dropout.
 *
 * @param kind The kind of layer.
 * @param p The probability.
 * @returns The probability.
 * @throws {RangeError} If it isn't at least 0 and less than 1.
 */
export function checkDropout(kind: string, p: number): number {
  if (p >= 0 && p < 1) return p;
  throw new RangeError(
    `Cannot create a ${kind} layer as p must be at least 0 and less than 1: current value is ${p}`,
  );
}

/**
 * Adds the kernels of a dropout to a program; none where it doesn't learn.
 *
 * @param scope The layer's view of the program.
 * @param input The signal that comes in.
 * @param options The probability, and how many numbers that lie together share a draw.
 * @returns A stored signal of the same shape; the gradient is masked in place.
 */
export async function compileDropout(
  scope: Scope,
  input: Signal,
  { p, together }: { readonly p: number; readonly together: number },
): Promise<CompiledLayer> {
  const signal = await stored(scope, input);
  if (scope.mode !== "train") {
    return { output: withoutTraces(signal), backward: () => Promise.resolve(undefined) };
  }
  const features = sizeOf(signal.shape);
  const neurons = scope.batchSize * features;
  const cut: Cut = {
    scope,
    values: {
      neurons,
      features,
      together,
      layer: scope.stream("dropout"),
      dropBelow: Math.min(Math.round(p * WORDS), WORDS - 1),
    },
    workgroups: workgroupsFor(neurons, LANES),
    scale: 1 / (1 - p),
  };
  const output = signal.kind === "spikes"
    ? await dropSpikes(cut, signal)
    : await dropValues(cut, signal);
  return {
    output,
    backward: (gradient, needed) =>
      // A spike's scale is in its gradient already: who read the spikes applied it.
      backward(cut, gradient, needed, signal.kind === "spikes" ? 1 : cut.scale),
  };
}

/** A signal whose neurons' traces aren't passed on, as they wouldn't be in a program that learns. */
function withoutTraces<S extends NumberSignal | SpikeSignal>(signal: S): S {
  if (signal.kind === "numbers" || !signal.traces) return signal;
  const { traces: _, ...others } = signal;
  return others as S;
}

async function dropSpikes(cut: Cut, input: SpikeSignal): Promise<SpikeSignal> {
  const { scope, values, workgroups, scale } = cut;
  const words = timeWords(scope.timeSteps);
  const output: SpikeSignal = {
    kind: "spikes",
    shape: input.shape,
    over: "time",
    spikes: scope.buffer(words * values.neurons * 4, "kept spikes"),
    counts: scope.buffer(values.neurons * 4, "kept spike counts"),
    scale: (input.scale ?? 1) * scale,
  };
  const { spikes, counts } = output;
  await scope.run("forward", {
    name: "dropout/spikes",
    texts: [dropout.spikes],
    values: { ...values, words },
    resources: { input: input.spikes, input_counts: input.counts, spikes, counts },
    workgroups,
  });
  return output;
}

async function dropValues(cut: Cut, input: NumberSignal): Promise<NumberSignal> {
  const { scope, values, workgroups, scale } = cut;
  const dense = input.over === "time";
  const { neurons } = values;
  const bytes = dense ? denseBytes(scope.timeSteps, neurons) : neurons * 4;
  const kept = scope.buffer(bytes, "kept values");
  await scope.run("forward", {
    name: "dropout/values",
    texts: [dropout.values],
    values: { ...values, scale, quads: timeQuads(scope.timeSteps), dense, inPlace: false },
    resources: { input: input.values, values: kept },
    workgroups,
  });
  return { ...input, values: kept };
}

async function backward(
  { scope, values, workgroups }: Cut,
  gradient: Gradient,
  needed: boolean,
  scale: number,
): Promise<Gradient | undefined> {
  if (!gradient.values) {
    throw new TypeError("Cannot compile a Dropout layer's gradient as it passes no potential on");
  }
  if (!needed) return undefined;
  const dense = gradient.values.over === "time";
  await scope.run("backward", {
    name: "dropout/values",
    texts: [dropout.values],
    values: { ...values, scale, quads: timeQuads(scope.timeSteps), dense, inPlace: true },
    resources: { values: gradient.values.buffer },
    workgroups,
  });
  return gradient;
}
