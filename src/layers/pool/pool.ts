import * as lib from "../../../kernels/lib/mod.ts";
import * as kernels from "../../../kernels/pool/mod.ts";
import type { CompiledLayer, Layer, LayerJson } from "../../core/layer.ts";
import { type KernelPart, reader, writer } from "../../core/readers.ts";
import type { Scope } from "../../core/scope.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import {
  type Gradient,
  isWhole,
  type NumberSignal,
  type Signal,
  type SpikeSignal,
  type StoredSignal,
} from "../../core/signal.ts";
import { timeQuads, timeWords } from "../../core/time.ts";
import { READER_STEP, scaleGradient, stored } from "../../feeds/stored.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import type { TemplateValues } from "../../gpu/template.ts";
import { gradientOverTime } from "../gradient.ts";
import { newNumbers } from "../new_numbers.ts";
import { areApart, type PoolWindow, windowValues } from "./window.ts";

/** Lanes of a workgroup in `kernels/pool/*.wgsl`. */
const LANES = 64;

/** What is the same in all kernels of a pool in a program. */
interface Compiled {
  readonly scope: Scope;
  readonly pool: Pool;
  readonly signal: StoredSignal;
  readonly output: Shape;
  readonly values: Readonly<Record<string, number | boolean>>;
}

/**
 * What all pools share: a window moves over each channel, and its numbers become one at each time step.
 * Pools learn nothing.
 */
export abstract class Pool implements Layer {
  /** The kind of layer. */
  abstract readonly kind: string;
  /** What becomes of a window. */
  abstract readonly gives: "largest" | "sum" | "mean";

  /**
   * How its windows lie over a sample.
   *
   * @param input What a sample has that comes in.
   * @returns The channels, their size, and the windows.
   * @throws {RangeError} If the pool can't take such samples.
   */
  abstract window(input: Shape): PoolWindow;

  /** What makes the layer again. */
  abstract toJSON(): LayerJson;

  /** What a summary calls it. */
  abstract title(): string;

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in: channels first.
   * @returns As many channels, a number for each window.
   * @throws {RangeError} If the pool can't take such samples.
   */
  outputShape(input: Shape): Shape {
    const { channels, windows } = this.window(input);
    return [channels, ...windows.slice(3 - input.length)];
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal that comes in.
   * @returns Spikes, where it gives the largest of spikes; else numbers, the same at each time step if the
   * input is.
   */
  async compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    const signal = await stored(scope, input);
    const compiled = {
      scope,
      pool: this,
      signal,
      output: this.outputShape(signal.shape),
      values: {
        ...windowValues(this.window(signal.shape)),
        largest: this.gives === "largest",
        mean: this.gives === "mean",
      },
    };
    return {
      output: signal.kind === "spikes" && this.gives === "largest"
        ? await poolSpikes(compiled, signal)
        : await poolNumbers(compiled),
      backward: (gradient, needed) => backward(compiled, gradient, needed),
    };
  }
}

/** The largest of spikes. */
async function poolSpikes(
  { scope, pool, values, output }: Compiled,
  signal: SpikeSignal,
): Promise<SpikeSignal> {
  const { batchSize, timeSteps } = scope;
  const numbers = batchSize * sizeOf(output);
  const words = timeWords(timeSteps);
  const pooled: SpikeSignal = {
    kind: "spikes",
    shape: output,
    over: "time",
    spikes: scope.buffer(words * numbers * 4, "pooled spikes"),
    counts: scope.buffer(numbers * 4, "pooled spike counts"),
    ...signal.scale === undefined ? {} : { scale: signal.scale },
  };
  await scope.run("forward", {
    name: `pool/forward (${pool.kind} of spikes)`,
    texts: [kernels.forward],
    values: {
      ...values,
      numbers,
      spikes: true,
      words,
      inputs: batchSize * sizeOf(signal.shape),
      quads: 1,
    },
    resources: { input: signal.spikes, pooled: pooled.spikes, pooled_counts: pooled.counts },
    workgroups: workgroupsFor(numbers, LANES),
  });
  return pooled;
}

/** The largest of numbers, sums and means. */
async function poolNumbers(
  { scope, pool, signal, values, output }: Compiled,
): Promise<NumberSignal> {
  const pooled = {
    ...newNumbers(scope, output, signal.over, "pooled"),
    whole: pool.gives !== "mean" && isWhole(signal),
  };
  const parts = [reader("x", signal, scope), writer("pooled", pooled, scope)];
  const numbers = scope.batchSize * sizeOf(output);
  const quads = quadsOf(scope, pooled);
  await scope.run("forward", {
    name: `pool/forward (${pool.kind})`,
    texts: [lib.batch, READER_STEP, ...parts.map(({ text }) => text), kernels.forward],
    values: { ...values, numbers, spikes: false, quads },
    resources: Object.assign({}, ...parts.map(({ resources }) => resources)),
    workgroups: workgroupsFor(numbers * quads, LANES),
  });
  return pooled;
}

async function backward(
  { scope, pool, signal, values, output }: Compiled,
  gradient: Gradient,
  needed: boolean,
): Promise<Gradient | undefined> {
  if (!needed) return undefined;
  const upstream = await gradientOverTime(scope, gradient, { shape: output });
  const over = gradient.values?.over === "summed" ? "constant" : "time";
  const back = newNumbers(scope, signal.shape, over, "input gradient");
  const gradients = [
    reader("g", { ...back, shape: output, values: upstream }, scope),
    writer("back", back, scope),
  ];
  const quads = quadsOf(scope, back);
  const add = async (
    kernel: "backward" | "winners",
    shape: Shape,
    parts: readonly KernelPart[],
    others: { readonly values?: TemplateValues; readonly resources?: KernelPart["resources"] } = {},
  ) => {
    const numbers = scope.batchSize * sizeOf(shape);
    await scope.run("backward", {
      name: `pool/${kernel} (${pool.kind})`,
      texts: [...parts.map(({ text }) => text), kernels[kernel]],
      values: { ...values, ...others.values, numbers, quads },
      resources: Object.assign({}, others.resources, ...parts.map(({ resources }) => resources)),
      workgroups: workgroupsFor(numbers * quads, LANES),
    });
  };
  if (pool.gives === "largest") {
    // What a spike counts decides nothing about which is the largest.
    const compared = signal.kind === "spikes" ? { ...signal, scale: 1 } : signal;
    const x = reader("x", compared, scope);
    if (areApart(pool.window(signal.shape))) {
      await add("winners", output, [x, ...gradients], { values: { apart: true } });
    } else {
      const winners = scope.buffer(scope.batchSize * sizeOf(output) * quads * 16, "winners");
      await add("winners", output, [x], { values: { apart: false }, resources: { winners } });
      await add("backward", signal.shape, gradients, { resources: { winners } });
    }
  } else {
    await add("backward", signal.shape, gradients);
  }
  // Of spikes that stay spikes, who reads them has applied what they count.
  if (pool.gives !== "largest") await scaleGradient(scope, signal, back.values);
  return { values: { over: over === "time" ? over : "summed", buffer: back.values } };
}

/** Fours of time steps that a signal has. */
const quadsOf = ({ timeSteps }: Scope, { over }: NumberSignal) =>
  over === "time" ? timeQuads(timeSteps) : 1;
