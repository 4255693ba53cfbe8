import type { Collective, Rank } from "../core/collective.ts";
import { hashAll } from "../core/random.ts";
import type { ModelCore } from "../model/core.ts";
import { checkLearned, stateOf } from "./check_learned.ts";
import type { Epoch } from "./epoch.ts";
import type { EpochRunner, EpochWork } from "./epoch_runner.ts";
import { readGradientNorms } from "./gradient_norms.ts";
import type { Course, Learning } from "./learning.ts";
import type { Progress } from "./progress.ts";
import { checkReplicas } from "./replicas.ts";
import type { Round } from "./round.ts";
import { type Snapshot, wordOf } from "./snapshot.ts";
import { testTogether } from "./test_together.ts";
import type { TrainerSettings } from "./trainer_options.ts";

/**
 * Makes the steps of a training that several processes take part in, round after round: each takes its
 * share of every batch, and after a round all have learned the same.
 */
export class Together implements EpochRunner {
  readonly #core: ModelCore;
  readonly #learning: Learning;
  readonly #progress: Progress;
  readonly #settings: TrainerSettings;
  readonly #collective: Collective;
  readonly #round: Round;

  /**
   * Does nothing yet.
   *
   * @param core The model's.
   * @param learning The programs.
   * @param progress How far the training is.
   * @param settings How it learns.
   * @param collective The processes.
   * @param round How they learn the same.
   */
  constructor(
    core: ModelCore,
    learning: Learning,
    progress: Progress,
    settings: TrainerSettings,
    collective: Collective,
    round: Round,
  ) {
    this.#core = core;
    this.#learning = learning;
    this.#progress = progress;
    this.#settings = settings;
    this.#collective = collective;
    this.#round = round;
  }

  /**
   * Checks that all start with the same.
   *
   * @param course What is trained, and with what.
   * @param asked What was asked for besides.
   */
  async checkStart(course: Course, asked: readonly number[]): Promise<void> {
    const { batchSize, accumulate, averageEvery = 0, seed } = this.#settings;
    const { epoch, batches } = this.#progress;
    const { count } = course.source.dataset;
    const word = hashAll(
      wordOf(await this.#snapshot(course)),
      ...[batchSize, accumulate, averageEvery, seed, epoch, batches.length, count, ...asked],
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
  async run({ epoch, options, test, onTaken, result }: EpochWork): Promise<void> {
    const { signal, checkpointEvery = Infinity, onCheckpoint } = options;
    const { accumulate } = this.#settings;
    const { batches } = this.#progress;
    if (await this.stops(signal)) return;
    const checkpointsAt = (step: number) => Math.floor(step / (checkpointEvery * accumulate));
    while (batches.length < epoch.steps) {
      this.#learning.checkUsable();
      const before = batches.length;
      const stops = await this.#round(epoch, epoch.steps - before, signal?.aborted ?? false);
      onTaken();
      // Within a round there is no state to go on from.
      const isDue = checkpointsAt(batches.length) > checkpointsAt(before);
      if (onCheckpoint && isDue && batches.length < epoch.steps) {
        await onCheckpoint(stateOf(await this.#snapshot(epoch), this.#progress, this.#settings));
      }
      if (stops && batches.length < epoch.steps) return;
    }
    if (options.gradientNorms) result.gradientNorms = await readGradientNorms(epoch.program)();
    await this.checkEnd(epoch);
    if (!test) return;
    const pass = await testTogether(
      epoch.program,
      test,
      this.#settings,
      this.#collective,
      signal,
    );
    if (pass) result.test = this.#core.evaluationOf(test.dataset, epoch.program, pass);
  }

  /**
   * Trains for a round, or less.
   *
   * @param epoch The epoch.
   * @param most How many steps at most.
   */
  async step(epoch: Epoch, most: number): Promise<void> {
    await this.#round(epoch, most, false);
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
}

/**
 * Checks that a training can be shared by processes.
 *
 * @param what What can't be done otherwise.
 * @param core The model's.
 * @param settings How it learns.
 * @param collective The processes.
 * @throws {RangeError} If a batch has fewer samples than there are processes.
 * @throws {TypeError} If a layer keeps what follows from whole batches, of which each process has a share.
 */
export function checkShares(
  what: string,
  { store }: ModelCore,
  { batchSize, averageEvery }: Pick<TrainerSettings, "batchSize" | "averageEvery">,
  { size }: Rank,
): void {
  if (batchSize < size) {
    throw new RangeError(
      `${what} for ${size} processes as a batch has ${batchSize} samples: it must have one for each`,
    );
  }
  const kept = store.blocks.find(({ learned }) => !learned);
  // Averaged, each process learns from batches of its own.
  if (!kept || size === 1 || averageEvery !== undefined) return;
  throw new TypeError(
    `${what} for ${size} processes as ${kept.owner} keeps "${kept.key.split(".").at(-1)}" of its ` +
      `batches, of which each process has a share: batch norm needs them whole, or averageEvery`,
  );
}
