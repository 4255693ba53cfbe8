import {
  type Compilation,
  type Dispatch,
  type Gpu,
  type Loss,
  Recorder,
  type Signal,
  type SignalGradient,
} from "../../mod.ts";
import { assertEquals } from "@std/assert";
import { denseLength, denseOf } from "../support/dense.ts";

export interface Shape {
  batchSize: number;
  classes: number;
  timeSteps: number;
}

/** What a network gives for a batch. */
export interface Output extends Shape {
  labels: ArrayLike<number>;
  /** Spikes over T, [batch][classes]. */
  counts?: ArrayLike<number>;
  /** Potentials [T][batch][classes]. */
  potential?: ArrayLike<number>;
  /** Values that are the same at each time step, [batch][classes]. */
  values?: ArrayLike<number>;
}

export interface StepResult {
  gradient: SignalGradient["kind"];
  /** In the gradient's own layout. */
  gradients: Float32Array;
  /** The sum of the samples' losses. */
  loss: number;
  correct: number;
}

/** Bytes from one step's window to the next. */
const STRIDE = { step: 256, samples: 4096 } as const;

/** Runs a loss as two steps of a chunk: one of a full batch and one of fewer samples. */
export async function runLoss(
  gpu: Gpu,
  loss: Loss,
  output: Output,
  samplesOfSecond: number,
): Promise<[StepResult, StepResult]> {
  const { batchSize, classes, timeSteps, labels } = output;
  const buffers: GPUBuffer[] = [];
  const buffer = (bytes: number, label: string) => {
    const made = gpu.createBuffer(bytes, label);
    buffers.push(made);
    return made;
  };
  const filled = (data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, label: string) => {
    const made = buffer(data.byteLength, label);
    gpu.write(made, data);
    return made;
  };
  const dispatches: Dispatch[] = [];
  const slots = [1, 0];
  const records = new Uint32Array(2 * STRIDE.step / 4);
  const sampleWords = new Uint32Array(2 * STRIDE.samples / 4);
  [batchSize, samplesOfSecond].forEach((samples, step) => {
    records.set([0, slots[step]!, samples, 1], step * STRIDE.step / 4);
    for (let b = 0; b < samples; b++) {
      sampleWords[step * STRIDE.samples / 4 + 4 * b + 2] = labels[b]!;
    }
  });
  const steps = { buffer: filled(records, "steps"), stride: STRIDE.step, size: 32 };
  const samples = {
    buffer: filled(sampleWords, "samples"),
    stride: STRIDE.samples,
    size: 16 * batchSize,
  };
  const metrics = buffer(2 * batchSize * 8, "metrics");
  const pixels = gpu.createTexture(1, "pixels");
  const compilation: Compilation = {
    gpu,
    batchSize,
    timeSteps,
    features: 1,
    steps,
    samples,
    pixels,
    metrics,
    storesV: false,
    buffer,
    texture: () => pixels,
    tiles: () => {
      throw new Error("there are no lists of pixels");
    },
    add: (phase, dispatch) => {
      assertEquals(phase, "forward");
      dispatches.push(dispatch);
    },
  };
  const signal: Signal = output.values
    ? {
      kind: "constant",
      features: classes,
      values: filled(Float32Array.from(output.values), "values"),
    }
    : {
      kind: "spikes",
      features: classes,
      spikes: buffer(Math.ceil(timeSteps / 32) * batchSize * classes * 4, "spikes"),
      counts: filled(Uint32Array.from(output.counts!), "counts"),
      ...output.potential
        ? { potential: filled(denseOf(output.potential, timeSteps, NaN), "potential") }
        : {},
    };
  const gradient = await loss.compile(compilation, signal);
  // What a kernel doesn't write stays NaN.
  const entries = gradient.kind === "potential"
    ? denseLength(timeSteps, batchSize * classes)
    : batchSize * classes;
  const gradients: Float32Array[] = [];
  for (const step of [0, 1]) {
    gpu.write(gradient.values, new Float32Array(entries).fill(NaN));
    const recorder = new Recorder(gpu.device);
    for (const dispatch of dispatches) dispatch.encode(recorder, step);
    const commands = recorder.end();
    gradients.push(
      new Float32Array(await gpu.readBack(commands, gradient.values, entries * 4)),
    );
  }
  const reports = new Float32Array(await gpu.read(metrics));
  for (const made of buffers) made.destroy();
  pixels.destroy();
  const result = (step: 0 | 1): StepResult => {
    let loss = 0;
    let correct = 0;
    for (let b = 0; b < (step === 0 ? batchSize : samplesOfSecond); b++) {
      const report = 2 * (batchSize * slots[step]! + b);
      loss += reports[report]!;
      correct += Number(reports[report + 1] === labels[b]);
    }
    return { gradient: gradient.kind, gradients: gradients[step]!, loss, correct };
  };
  return [result(0), result(1)];
}
