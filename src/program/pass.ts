import { dealt, type Rank } from "../core/collective.ts";
import type { BatchStep } from "../core/feed.ts";
import type { Source } from "../core/source.ts";
import type { Reading } from "../gpu/reading.ts";
import type { Job } from "./jobs.ts";
import type { Program, StepMetrics } from "./program.ts";

/** What a pass over a data set gave. */
export interface PassResult {
  /** The sum of the samples' losses. */
  readonly loss: number;
  /** How many samples were classified correctly. */
  readonly correct: number;
  /** The class that each sample was given, `[samples]`. */
  readonly answers: Uint32Array<ArrayBuffer>;
  /** The scores of each sample, `[samples][classes]`, in a program that answers. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** What the program's sums came to over all samples; empty where nothing was observed. */
  readonly sums: ReadonlyMap<GPUBuffer, Uint32Array>;
}

/** What a pass does. */
export interface PassOptions {
  /** The data set, opened. */
  readonly source: Source;
  /** The key of a step's random numbers. */
  readonly keyOf: (step: number) => number;
  /** Whether what neurons fire is added up. */
  readonly observes: boolean;
  /** How many steps the next job should have at most. */
  readonly chunk: () => number;
  /**
   * Which share of each batch it takes, and samples of a batch; by default it takes all. The result is
   * that of its share then, and answers are 0 where it has none.
   */
  readonly share?: (Rank & { readonly batchSize: number }) | undefined;
  /** Ends the pass: its result doesn't come then. */
  readonly signal?: AbortSignal | undefined;
  /** Takes the result. */
  readonly take: (result: PassResult) => void;
}

/**
 * The jobs of a pass over a data set, sample after sample, in which nothing is learned.
 *
 * @param program What runs.
 * @param options What it does.
 */
export function* passJobs(program: Program, options: PassOptions): Generator<Job<unknown>, void> {
  const { source, keyOf, observes, chunk, signal, take } = options;
  const { gpu } = program;
  const { share } = options;
  const { rank, size: ranks, batchSize } = share ??
    { rank: 0, size: 1, batchSize: program.batchSize };
  const { count } = source.dataset;
  // The last batch may have too few samples for all.
  const steps = Math.ceil((count - rank) / batchSize);
  const batches: Uint32Array[] = [];
  const stepAt = (step: number): BatchStep => {
    const first = step * batchSize;
    const all = program.order(
      source,
      Uint32Array.from({ length: Math.min(batchSize, count - first) }, (_, i) => first + i),
    );
    const samples = batches[step] = dealt(all, { rank, size: ranks });
    return { key: keyOf(step), source, samples, observes, ...share ? { share } : {} };
  };
  if (observes) {
    for (const buffer of program.sums) gpu.write(buffer, new Uint32Array(buffer.size / 4));
  }
  const answers = new Uint32Array(count);
  let scores: Float32Array<ArrayBuffer> | undefined;
  let loss = 0;
  let correct = 0;
  let done = 0;
  const add = (metrics: readonly StepMetrics[]) => {
    for (const step of metrics) {
      loss += step.loss;
      correct += step.correct;
      const samples = batches[done++]!;
      const classes = step.scores.length / samples.length;
      scores ??= new Float32Array(count * classes);
      samples.forEach((sample, i) => {
        answers[sample] = step.answers[i]!;
        scores!.set(step.scores.subarray(i * classes, (i + 1) * classes), sample * classes);
      });
    }
  };
  for (let next = 0; next < steps;) {
    if (signal?.aborted) return;
    const size = Math.min(chunk(), program.stepsOf(source), steps - next);
    const submit = program.prepare(Array.from({ length: size }, () => stepAt(next++)));
    yield { steps: size, submit, take: add };
  }
  yield {
    steps: 0,
    submit: () => submitSums(program, observes),
    take: (sums: Map<GPUBuffer, Uint32Array>) =>
      take({ loss, correct, answers, scores: scores!, sums }),
  };
}

/** Copies what steps that were observed added up. */
function submitSums(
  { gpu, sums }: Program,
  observes: boolean,
): Reading<Map<GPUBuffer, Uint32Array>> {
  if (!observes || sums.length === 0) return () => Promise.resolve(new Map());
  const parts = sums.map((buffer) => ({ buffer, bytes: buffer.size }));
  const reading = gpu.submitReading(gpu.device.createCommandEncoder(), parts);
  return async () => {
    const read = await reading();
    return new Map(sums.map((buffer, i) => [buffer, new Uint32Array(read[i]!)]));
  };
}
