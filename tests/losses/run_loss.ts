import type { Gpu } from "../../mod.ts";
import type { Gradient, Loss, Readout, Scope, Signal } from "../../src/extend.ts";
import { denseOf } from "../support/dense.ts";
import { spikeWords } from "../support/spike_words.ts";
import { TestProgram } from "../support/test_program.ts";

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
  /** The same spikes at each time step, 0 or 1, [T][batch][classes], for losses that read them. */
  spikes?: ArrayLike<number>;
  /** Potentials [T][batch][classes]. */
  potential?: ArrayLike<number>;
  /** Values that are the same at each time step, [batch][classes]. */
  values?: ArrayLike<number>;
  /** Values over time, [T][batch][classes]. */
  series?: ArrayLike<number>;
  /** How values over time become scores. */
  readout?: Readout;
}

/** What a gradient is for. */
export type GradientKind = "time" | "constant" | "summed" | "v";

export interface StepResult {
  gradient: GradientKind;
  /** In the gradient's own layout. */
  gradients: Float32Array;
  /** The sum of the samples' losses. */
  loss: number;
  correct: number;
}

/** Runs a loss as two steps of a chunk: one of a full batch and one of fewer samples. */
export async function runLoss(
  gpu: Gpu,
  loss: Loss,
  output: Output,
  samplesOfSecond: number,
): Promise<[StepResult, StepResult]> {
  const { batchSize, classes, timeSteps, labels, readout = "mean" } = output;
  using program = new TestProgram(gpu, { batchSize, timeSteps, classes, readout });
  const { kind, buffer } = partOf(await loss.compile(program.scope, signalOf(program, output)));
  const slots = [1, 0];
  const gradients: Float32Array[] = [];
  for (const [step, samples] of [batchSize, samplesOfSecond].entries()) {
    program.writeLabels(Array.from(labels).slice(0, samples), step);
    // What a kernel doesn't write stays NaN.
    gpu.write(buffer, new Float32Array(buffer.size / 4).fill(NaN));
    program.run(["forward", "backward"], { key: 0, step, slot: slots[step]!, samples });
    const entries = kind === "time" || kind === "v" ? buffer.size / 4 : batchSize * classes;
    gradients.push(new Float32Array(await gpu.read(buffer)).subarray(0, entries));
  }
  const reports = new Float32Array(await gpu.read(program.scope.metrics));
  const result = (step: 0 | 1): StepResult => {
    let loss = 0;
    let correct = 0;
    for (let b = 0; b < (step === 0 ? batchSize : samplesOfSecond); b++) {
      const report = 2 * (batchSize * slots[step]! + b);
      loss += reports[report]!;
      correct += Number(reports[report + 1] === labels[b]);
    }
    return { gradient: kind, gradients: gradients[step]!, loss, correct };
  };
  return [result(0), result(1)];
}

function signalOf(program: TestProgram, output: Output): Signal {
  const { batchSize, classes, timeSteps } = output;
  const scope: Scope = program.scope;
  const shape = [classes];
  if (output.values) {
    const values = program.filled(Float32Array.from(output.values));
    return { kind: "numbers", shape, over: "constant", values };
  }
  if (output.series) {
    const values = program.filled(denseOf(output.series, timeSteps, NaN));
    return { kind: "numbers", shape, over: "time", values };
  }
  return {
    kind: "spikes",
    shape,
    over: "time",
    spikes: output.spikes
      ? program.filled(spikeWords(Float64Array.from(output.spikes), batchSize * classes))
      : scope.buffer(Math.ceil(timeSteps / 32) * batchSize * classes * 4, "spikes"),
    counts: program.filled(Uint32Array.from(output.counts!)),
    ...output.potential
      ? { traces: { v: program.filled(denseOf(output.potential, timeSteps, NaN)) } }
      : {},
  };
}

/** The only part of a gradient. */
function partOf(
  gradient: Gradient | undefined,
): { kind: GradientKind; buffer: GPUBuffer } {
  const { values, traces = {} } = gradient!;
  const parts = [
    ...values ? [{ kind: values.over, buffer: values.buffer }] : [],
    ...Object.entries(traces).map(([name, buffer]) => ({ kind: name as "v", buffer })),
  ];
  if (parts.length !== 1) throw new Error(`the gradient has ${parts.length} parts`);
  return parts[0]!;
}
