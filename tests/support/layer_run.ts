import { assert } from "@std/assert";
import type { Gpu } from "../../mod.ts";
import { type Gradient, type Layer, type Shape, type Signal, sizeOf } from "../../src/extend.ts";
import { denseOf, valuesOf } from "./dense.ts";
import { readCounts, readSpikes } from "./program_reader.ts";
import { spikeWords } from "./spike_words.ts";
import { TestProgram } from "./test_program.ts";

/** A layer that learns nothing, what comes in, and the gradient of what comes out. */
export interface LayerRun {
  readonly layer: Layer;
  /** Of a sample. */
  readonly shape: Shape;
  readonly timeSteps: number;
  readonly batch: number;
  readonly kind: "spikes" | "numbers";
  readonly over: "time" | "constant";
  /** What a spike counts in a step that learns. */
  readonly scale?: number;
  /** `[T][batch][...shape]`; constant: `[batch][...shape]`. */
  readonly x: readonly number[];
  /** `"time"`: `[T][batch][...]`; else `[batch][...]`. */
  readonly gradient: {
    readonly over: "time" | "constant" | "summed";
    readonly y: readonly number[];
  };
}

/** What the layer makes of it. */
export interface LayerResult {
  readonly output: Signal;
  /** Spikes as what they count in a step that learns. */
  readonly y: number[];
  /** Of spikes the gradient of what one counts is multiplied by that. */
  readonly inputGradient: number[];
}

/**
 * Runs a layer forward and back.
 *
 * @param gpu Where.
 * @param run The layer and its input.
 * @returns What it makes of it, as what comes in is laid out.
 */
export async function runLayer(gpu: Gpu, run: LayerRun): Promise<LayerResult> {
  const { layer, shape, timeSteps, batch, kind, over, scale, x, gradient } = run;
  const numbers = batch * sizeOf(shape);
  using program = new TestProgram(gpu, { timeSteps, batchSize: batch, layer, input: shape });
  // What stands past T and past the last number must not matter.
  const laid = (values: readonly number[], rest: number) =>
    program.filled(denseOf(values, timeSteps, rest));
  const input: Signal = kind === "spikes"
    ? {
      kind,
      shape,
      over: "time",
      spikes: program.filled(spikeWords(Float64Array.from(x), numbers)),
      counts: program.scope.buffer(4 * numbers, "counts"),
      ...scale === undefined ? {} : { scale },
    }
    : {
      kind,
      shape,
      over,
      values: over === "time" ? laid(x, 7) : program.filled(Float32Array.from(x)),
    };
  const { output, backward } = await layer.compile(program.scope, input);
  assert(output.kind === "spikes" || output.kind === "numbers");
  program.run("forward");
  const read = async (buffer: GPUBuffer, over: "time" | "once", count: number) => {
    const values = new Float32Array(await gpu.read(buffer));
    return over === "time"
      ? [...valuesOf(values, timeSteps, count)]
      : [...values.subarray(0, count)];
  };
  const count = batch * sizeOf(output.shape);
  let y: number[];
  if (output.kind === "spikes") {
    const spikes = await readSpikes(gpu, program.scope, output);
    const counts = new Array<number>(count).fill(0);
    spikes.forEach((spike, at) => counts[at % count]! += spike);
    const stored = await readCounts(gpu, program.scope, output);
    assert(counts.every((each, n) => each === stored[n]), "counts differ from spikes");
    y = spikes.map((spike) => spike * (output.scale ?? 1));
  } else {
    y = await read(output.values, output.over === "time" ? "time" : "once", count);
  }
  const upstream: Gradient = {
    values: {
      over: gradient.over,
      buffer: gradient.over === "time"
        ? laid(gradient.y, 0)
        : program.filled(Float32Array.from(gradient.y)),
    },
  };
  const back = await backward(upstream, true);
  assert(back?.values);
  // Who gets a gradient may write over it, so what stood there a step before must not matter.
  const { buffer } = back.values;
  gpu.write(buffer, new Float32Array(buffer.size / 4).fill(7));
  program.run("backward");
  const form = back.values.over === "time" ? "time" : "once";
  const inputGradient = await read(back.values.buffer, form, numbers);
  return { output, y, inputGradient };
}
