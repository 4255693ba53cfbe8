import type { Collective, Rank } from "../core/collective.ts";
import type { BatchStep } from "../core/feed.ts";
import { hashAll } from "../core/random.ts";
import type { Source } from "../core/source.ts";
import type { ModelCore } from "../model/core.ts";
import { passJobs, type PassResult } from "../program/pass.ts";
import type { Program } from "../program/program.ts";
import { checkLearned, stateOf } from "./check_learned.ts";
import { type Epoch, STREAM } from "./epoch.ts";
import type { EpochRunner, EpochWork } from "./epoch_runner.ts";
import type { Course, Learning } from "./learning.ts";
import type { Progress } from "./progress.ts";
import { checkReplicas } from "./replicas.ts";
import { type Snapshot, wordOf } from "./snapshot.ts";
import type { TrainerSettings } from "./trainer_options.ts";
import type { BatchSums } from "./trainer_state.ts";

/**
 * Makes the steps of a training that several processes take part in. Each takes its share of every batch;
 * gradients, losses and whether anyone stops are added up once an update, so that all learn the same.
 */
export class Together implements EpochRunner {
  readonly #core: ModelCore;
  readonly #learning: Learning;
  readonly #progress: Progress;
  readonly #settings: TrainerSettings;
  readonly #collective: Collective;

  /**
   * Does nothing yet.
   *
   * @param core The model's.
   * @param learning The programs.
   * @param progress How far the training is.
   * @param settings How it learns.
   * @param collective The processes.
   */
  constructor(
    core: ModelCore,
    learning: Learning,
    progress: Progress,
    settings: TrainerSettings,
    collective: Collective,
  ) {
    this.#core = core;
    this.#learning = learning;
    this.#progress = progress;
    this.#settings = settings;
    this.#collective = collective;
  }

  /**
   * Checks that all start with the same.
   *
   * @param course What is trained, and with what.
   * @param asked What was asked for besides.
   */
  async checkStart(course: Course, asked: readonly number[]): Promise<void> {
    const { batchSize, accumulate, seed } = this.#settings;
    const { epoch, batches } = this.#progress;
    const { count } = course.source.dataset;
    const word = hashAll(
      wordOf(await this.#snapshot(course)),
      ...[batchSize, accumulate, seed, epoch, batches.length, count, ...asked],
    );
    await checkReplicas(
      this.#collective,
      word,
      (ranks) =>
        `Cannot train together as ${ranks} would start from other parameters, options or counts of ` +
        `samples than process 0`,
    );
  }

  /** Trains to the end of an epoch, checks what was learned, and tests it; a signal may end it before. */
  async run({ epoch, options, test, onTaken, onTested }: EpochWork): Promise<void> {
    const { signal, checkpointEvery = Infinity, onCheckpoint } = options;
    const { accumulate } = this.#settings;
    const { batches } = this.#progress;
    if (await this.stops(signal)) return;
    while (batches.length < epoch.steps) {
      this.#learning.checkUsable();
      const stops = await this.#update(epoch, signal);
      onTaken();
      const isDue = batches.length % (checkpointEvery * accumulate) === 0;
      if (onCheckpoint && isDue && batches.length < epoch.steps) {
        await onCheckpoint(stateOf(await this.#snapshot(epoch), this.#progress, this.#settings));
      }
      if (stops && batches.length < epoch.steps) return;
    }
    await this.checkEnd(epoch);
    if (!test) return;
    const result = await this.#pass(epoch.program, test, signal);
    if (result) onTested(this.#core.evaluationOf(test.dataset, epoch.program, result));
  }

  /**
   * Trains for one update.
   *
   * @param epoch The epoch.
   */
  async step(epoch: Epoch): Promise<void> {
    await this.#update(epoch, undefined);
  }

  /** Checks what was learned in an epoch, and that all have learned the same. */
  async checkEnd(epoch: Epoch): Promise<void> {
    const snapshot = await this.#snapshot(epoch);
    checkLearned(snapshot, this.#progress, this.#settings);
    const when = `at the end of epoch ${epoch.epoch}`;
    await checkReplicas(
      this.#collective,
      wordOf(snapshot),
      (ranks) => `Cannot go on training as ${ranks} learned something else than process 0 ${when}`,
    );
  }

  /** Whether a signal has asked any of the processes to end. */
  async stops(signal: AbortSignal | undefined): Promise<boolean> {
    const asked = Float32Array.of(signal?.aborted ? 1 : 0);
    await this.#collective.allReduceSum(asked);
    return asked[0]! > 0;
  }

  #snapshot({ program }: Course): Promise<Snapshot> {
    return this.#learning.snapshotOf(program, this.#progress.updates)();
  }

  /** Makes the steps of an update. Whether any process was asked to end. */
  async #update(epoch: Epoch, signal: AbortSignal | undefined): Promise<boolean> {
    const { program, source } = epoch;
    const { accumulate } = this.#settings;
    const first = this.#progress.batches.length;
    const sums: BatchSums[] = [];
    let chunk: BatchStep[] = [];
    let gradients: Float32Array<ArrayBuffer>[] = [];
    for (let done = 0; done < accumulate; done += chunk.length) {
      const size = Math.min(program.stepsOf(source), accumulate - done);
      chunk = this.#progress.makeSteps(epoch, first + done, size)
        // The parameters follow when all gradients were added up.
        .map((step) => ({ ...step, part: { adds: step.part?.adds ?? false, ends: false } }));
      const result = await program.runToGradients(chunk);
      sums.push(...result.metrics);
      gradients = result.gradients;
    }
    const { values, parts } = joined([
      ...gradients,
      Float32Array.from(sums, ({ loss }) => loss),
      Float32Array.from(sums, ({ correct }) => correct),
      Float32Array.of(signal?.aborted ? 1 : 0),
    ]);
    await this.#collective.allReduceSum(values);
    const summed = parts.slice(0, gradients.length);
    const [losses, correct, stops] = parts.slice(gradients.length);
    program.follow(chunk.length, summed);
    this.#progress.take(
      epoch,
      sums.map((_, i) => ({ loss: losses![i]!, correct: correct![i]! })),
    );
    return stops![0]! > 0;
  }

  /** Tests, each process with its share of every batch; nothing if any of them was asked to end. */
  async #pass(
    program: Program,
    source: Source,
    signal: AbortSignal | undefined,
  ): Promise<PassResult | undefined> {
    const { seed, batchSize } = this.#settings;
    const { rank, size } = this.#collective;
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
    const counts = [1, 1, 1, source.dataset.count, ...program.neurons.map(sumsOf)];
    const sum = new Float64Array(counts.reduce((total, count) => total + count));
    const parts = cut(sum, counts);
    if (own) {
      [[own.loss], [own.correct], own.answers, ...own.spikeSums]
        .forEach((values, i) => parts[i + 1]!.set(values));
    } else sum[0] = 1;
    await this.#collective.allReduceSum(sum);
    const [stops, loss, correct, answers, ...spikeSums] = parts;
    if (stops![0]! > 0) return undefined;
    return {
      loss: loss![0]!,
      correct: correct![0]!,
      answers: Uint32Array.from(answers!),
      scores: new Float32Array(),
      spikeSums: spikeSums.map((sums) => Uint32Array.from(sums)),
    };
  }
}

/** Samples of a process between two looks at the signal in a test pass. */
const CHUNK_SAMPLES = 1024;

const sumsOf = ({ spikeSums }: Program["neurons"][number]) => spikeSums.size / 4;

/** Windows of an array, one after the other. */
function cut<A extends Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  values: A,
  counts: readonly number[],
): A[] {
  let at = 0;
  return counts.map((count) => values.subarray(at, at += count) as A);
}

/** Arrays in one, and windows of it where each of them is. */
function joined(arrays: readonly Float32Array[]) {
  const counts = arrays.map(({ length }) => length);
  const values = new Float32Array(counts.reduce((sum, count) => sum + count, 0));
  const parts = cut(values, counts);
  arrays.forEach((array, i) => parts[i]!.set(array));
  return { values, parts };
}

/**
 * Checks that a training can be shared by processes.
 *
 * @param what What can't be done otherwise.
 * @param core The model's.
 * @param batchSize Samples of a batch.
 * @param collective The processes.
 * @throws {RangeError} If a batch has fewer samples than there are processes.
 * @throws {TypeError} If a layer keeps what follows from whole batches, of which each process has a share.
 */
export function checkShares(
  what: string,
  { store }: ModelCore,
  batchSize: number,
  { size }: Rank,
): void {
  if (batchSize < size) {
    throw new RangeError(
      `${what} for ${size} processes as a batch has ${batchSize} samples: it must have one for each`,
    );
  }
  const kept = store.blocks.find(({ learned }) => !learned);
  if (!kept || size === 1) return;
  throw new TypeError(
    `${what} for ${size} processes as ${kept.owner} keeps "${kept.key.split(".").at(-1)}" of its ` +
      `batches, of which each process has a share: batch norm needs them whole`,
  );
}
