import type { Collective } from "../core/collective.ts";
import { hashAll } from "../core/random.ts";
import type { Source } from "../core/source.ts";
import { passJobs, type PassResult } from "../program/pass.ts";
import type { Program } from "../program/program.ts";
import { STREAM } from "./epoch.ts";
import { cut } from "./joined.ts";
import type { TrainerSettings } from "./trainer_options.ts";

/** Samples of a process between two looks at the signal. */
const CHUNK_SAMPLES = 1024;

/**
 * Tests with all processes, each of which takes its share of every batch.
 *
 * @param program What runs.
 * @param source The test samples, opened.
 * @param settings How it learns.
 * @param collective The processes.
 * @param signal Asks this process to end.
 * @returns What all samples gave; nothing if any process was asked to end.
 */
export async function testTogether(
  program: Program,
  source: Source,
  { seed, batchSize }: TrainerSettings,
  collective: Collective,
  signal: AbortSignal | undefined,
): Promise<PassResult | undefined> {
  const { rank, size } = collective;
  let own: PassResult | undefined;
  const jobs = passJobs(program, {
    source,
    observes: true,
    keyOf: (step) => hashAll(seed, STREAM.test, step),
    chunk: () => Math.max(1, Math.ceil(CHUNK_SAMPLES / program.batchSize)),
    share: { rank, size, batchSize },
    signal,
    take: (result) => void (own = result),
  });
  for (const job of jobs) await job.take(await job.submit()());
  // Whoever was asked to end has nothing to add, but the others wait for it.
  const counts = [1, 1, 1, source.dataset.count, ...program.sums.map(({ size }) => size / 4)];
  const sum = new Float64Array(counts.reduce((total, count) => total + count));
  const parts = cut(sum, counts);
  if (own) {
    [[own.loss], [own.correct], own.answers, ...own.sums.values()]
      .forEach((values, i) => parts[i + 1]!.set(values));
  } else sum[0] = 1;
  await collective.allReduceSum(sum);
  const [stops, loss, correct, answers, ...sums] = parts;
  if (stops![0]! > 0) return undefined;
  return {
    loss: loss![0]!,
    correct: correct![0]!,
    answers: Uint32Array.from(answers!),
    scores: new Float32Array(),
    sums: new Map(program.sums.map((buffer, i) => [buffer, Uint32Array.from(sums[i]!)])),
  };
}
