import { fromDense } from "../core/dense.ts";
import type { BatchStep } from "../core/feed.ts";
import type { LayerOutput } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { Program } from "../program/program.ts";

/** A network's whole simulation of one sample: after its end, where that is before T, all is 0. */
export interface Recording {
  /** Firing rates of the last neurons, in spikes per time step, or the numbers it ends in, `[classes]`. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** The class with the largest score, of equals the lowest. */
  readonly answer: number;
  /** What each layer did, in their order. */
  readonly layers: readonly LayerRecording[];
}

/** A layer's simulation of one sample. */
export interface LayerRecording {
  /** The layer's path in the network, such as "layer.2". */
  readonly layer: string;
  /** The kind of layer. */
  readonly kind: string;
  /** What the layer gives at one time step. */
  readonly shape: readonly number[];
  /** Of neurons that fire: 1 for each spike, `[T][...shape]`. */
  readonly spikes?: Uint8Array<ArrayBuffer>;
  /** Of other layers: the numbers that they give, `[T][...shape]`. */
  readonly values?: Float32Array<ArrayBuffer>;
  /** What neurons keep from step to step by name, `[T][...shape]`: `v`, the potential after the reset. */
  readonly traces: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
}

/**
 * Runs a step of one sample, and reads what it did. All is copied before another step can run, so that other
 * recordings can't change it.
 *
 * @param program A program that records, of one sample a batch.
 * @param step The step.
 * @returns The recording.
 */
export async function readRecording(program: Program, step: BatchStep): Promise<Recording> {
  const { timeSteps } = program;
  const outputs = program.outputs.filter(({ output }) =>
    output.kind === "spikes" || output.kind === "numbers"
  );
  const { metrics, copies } = program.runReading(step, outputs.flatMap(buffersOf));
  const [report, buffers] = await Promise.all([metrics(), copies()]);
  const isCounts = program.compiled.output.kind === "spikes";
  const length = step.source.lengthOf(step.samples[0]!, timeSteps);
  const scores = report.scores.map((score) => isCounts ? score / length : score);
  const next = buffers.values();
  const layers = outputs.map((output) =>
    layerRecording(output, { timeSteps, length }, () => next.next().value as ArrayBuffer)
  );
  return { scores, answer: report.answers[0]!, layers };
}

/** The buffers that hold what a layer gave. */
function buffersOf({ output }: LayerOutput): GPUBuffer[] {
  if (output.kind === "numbers") return [output.values];
  return output.kind === "spikes" ? [output.spikes, ...Object.values(output.traces ?? {})] : [];
}

/** What a layer did, from copies of its buffers. */
function layerRecording(
  { path, kind, output }: LayerOutput,
  { timeSteps, length }: { readonly timeSteps: number; readonly length: number },
  next: () => ArrayBuffer,
): LayerRecording {
  const { shape } = output;
  const size = sizeOf(shape);
  const overTime = (buffer: ArrayBuffer) =>
    fromDense(new Float32Array(buffer), new Float32Array(timeSteps * size), timeSteps)
      .fill(0, length * size);
  const layer = { layer: path, kind, shape };
  if (output.kind !== "spikes") {
    const values = output.over === "time" ? overTime(next()) : repeated(next(), size, timeSteps)
      .fill(0, length * size);
    return { ...layer, values, traces: {} };
  }
  const spikes = spikesOf(new Uint32Array(next()), size, timeSteps);
  const traces = Object.keys(output.traces ?? {}).map((name) => [name, overTime(next())]);
  return { ...layer, spikes, traces: Object.fromEntries(traces) };
}

/** The same numbers at each time step. */
function repeated(
  buffer: ArrayBuffer,
  size: number,
  timeSteps: number,
): Float32Array<ArrayBuffer> {
  const once = new Float32Array(buffer).subarray(0, size);
  const values = new Float32Array(timeSteps * size);
  for (let t = 0; t < timeSteps; t++) values.set(once, t * size);
  return values;
}

/** Bits as 0 and 1. */
function spikesOf(words: Uint32Array, size: number, timeSteps: number): Uint8Array<ArrayBuffer> {
  const spikes = new Uint8Array(timeSteps * size);
  for (let t = 0; t < timeSteps; t++) {
    for (let n = 0; n < size; n++) {
      spikes[t * size + n] = words[(t >> 5) * size + n]! >>> (t & 31) & 1;
    }
  }
  return spikes;
}
