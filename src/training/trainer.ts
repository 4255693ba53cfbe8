import { hashAll } from "../core/random.ts";
import type { Source } from "../core/source.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Tensor } from "../formats/tensor.ts";
import type { Model } from "../model/model.ts";
import { checkSeed } from "../model/model_options.ts";
import { constantRate } from "../optimizers/schedulers/constant_rate.ts";
import { type Job, JobRunner } from "../program/jobs.ts";
import { passJobs } from "../program/pass.ts";
import type { Program, StepMetrics } from "../program/program.ts";
import { checkAbove, checkCount } from "../validate.ts";
import { checkLearned } from "./check_learned.ts";
import { DivergedError } from "./diverged_error.ts";
import { type Epoch, type EpochResult, reportOf, startEpoch, STREAM } from "./epoch.ts";
import { gradientNormsJob } from "./gradient_norms.ts";
import { type Course, Learning } from "./learning.ts";
import { Progress } from "./progress.ts";
import type { Snapshot } from "./snapshot.ts";
import type {
  EpochReport,
  FitOptions,
  StepsOptions,
  TrainerOptions,
  TrainerSettings,
  TrainingPart,
} from "./trainer_options.ts";
import { checkState, meansOf, type TrainerState } from "./trainer_state.ts";

/**
 * Trains a model: only the loop. What is learned is the model's.
 *
 * The same seed gives the same numbers on the same adapter, run after run.
 *
 * @example
 * ```ts ignore
 * const trainer = new Trainer(model, { loss: rateMse(), optimizer: new Adam(), batchSize: 128 });
 * for await (const epoch of trainer.fit(train, { epochs: 20, test })) console.log(epoch);
 * ```
 */
export class Trainer implements Disposable {
  /** What is trained. */
  readonly model: Model;
  readonly #settings: TrainerSettings;
  readonly #learning: Learning;
  readonly #runner = new JobRunner();
  #isTraining = false;
  readonly #progress = new Progress();

  /**
   * Prepares a training; the device isn't used before the first call.
   *
   * @param model What to train.
   * @param options How.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(model: Model, options: TrainerOptions) {
    const what = "Cannot create a Trainer";
    const { batchSize = model.options.batchSize, seed = model.options.seed } = options;
    const { accumulate = 1, scheduler = constantRate() } = options;
    checkCount(what, "batchSize", batchSize);
    checkCount(what, "accumulate", accumulate);
    checkSeed(what, seed);
    for (const [name, value] of Object.entries(options.clip ?? {})) {
      if (value !== undefined) checkAbove(what, `clip.${name}`, value, 0);
    }
    this.model = model;
    this.#settings = { ...options, batchSize, seed, accumulate, scheduler };
    this.#learning = new Learning(model.core, this.#settings);
  }

  /**
   * Trains; yields after each epoch. An epoch takes the samples in a fresh random order and drops the
   * last, incomplete batch.
   *
   * @param train The samples to train with.
   * @param options How long, and what to test with.
   * @throws {RangeError} If there are fewer samples than a batch holds, or they don't fit the network.
   * @throws {DivergedError} If a loss is no number, or a parameter isn't at the end of an epoch or where a
   * checkpoint is due.
   * @throws {TypeError} If the trainer, its model or its GPU was disposed of, or it is training already.
   */
  async *fit(train: Dataset, options: FitOptions): AsyncGenerator<EpochReport, void, void> {
    checkCount("Cannot train", "epochs", options.epochs);
    const { checkpointEvery = Infinity } = options;
    if (checkpointEvery !== Infinity) {
      checkCount("Cannot train", "checkpointEvery", checkpointEvery);
    }
    const test = options.test && this.model.core.open(options.test, { labelled: true });
    this.#begin();
    try {
      const course = await this.#learning.open(train, this.#progress.batches.length);
      if (options.test) this.#learning.checkContent("Cannot test on", options.test);
      yield* this.#fit(course, options, test);
    } finally {
      this.#isTraining = false;
    }
  }

  async *#fit(
    course: Course,
    options: FitOptions,
    test: Source | undefined,
  ): AsyncGenerator<EpochReport, void, void> {
    const { batchSize } = this.#settings;
    if (test) await this.model.core.openIn(course.program, test, [course.source]);
    for (let i = 0; i < options.epochs; i++) {
      const start = performance.now();
      const before = this.#progress.batches.length;
      const epoch = this.#startEpoch(course);
      let trained = start;
      const rate = () =>
        (this.#progress.batches.length - before) * batchSize / (trained - start) * 1000;
      const onTaken = () => {
        trained = performance.now();
        options.onProgress?.({
          epoch: epoch.epoch,
          step: this.#progress.batches.length,
          steps: course.steps,
          ...meansOf(this.#progress.batches, batchSize),
          imagesPerSecond: rate(),
        });
      };
      const result: EpochResult = {};
      const jobs = this.#epochJobs(epoch, options, onTaken, test, result);
      await this.#learning.train(() => this.#runner.run(jobs));
      if (this.#progress.batches.length < course.steps || (test && !result.test)) return;
      if (result.test && !Number.isFinite(result.test.loss)) {
        const what = `the test loss is ${result.test.loss}`;
        throw new DivergedError(epoch.epoch, course.steps, what, epoch.learningRate);
      }
      const report = {
        ...reportOf(epoch, this.#progress.batches, batchSize, result),
        imagesPerSecond: rate(),
        seconds: (performance.now() - start) / 1000,
      };
      this.#progress.endEpoch();
      yield report;
      if (options.signal?.aborted) return;
    }
  }

  /**
   * Trains as much as is asked for: the training rests between two parts. Not to ask is to pause, `break`
   * stops; `state` then is that after the last part. Reading the results of each part takes some
   * milliseconds: `fit` is faster.
   *
   * @param train The samples to train with.
   * @param options How many steps a part has.
   * @throws {RangeError | TypeError | DivergedError} As {@linkcode Trainer.fit} does.
   *
   * @example
   * ```ts ignore
   * for await (const { epoch, step, loss } of trainer.steps(train, { every: 8 })) {
   *   console.log(epoch, step, loss, await model.parameters());
   * }
   * ```
   */
  async *steps(
    train: Dataset,
    options: StepsOptions = {},
  ): AsyncGenerator<TrainingPart, void, void> {
    const { every = 1, epochs = Infinity } = options;
    checkCount("Cannot train", "every", every);
    if (epochs !== Infinity) checkCount("Cannot train", "epochs", epochs);
    this.#begin();
    try {
      const course = await this.#learning.open(train, this.#progress.batches.length);
      for (let i = 0; i < epochs; i++) {
        const epoch = this.#startEpoch(course);
        // A state may be that after the last step of an epoch.
        if (this.#progress.batches.length === course.steps) {
          this.#progress.endEpoch();
          continue;
        }
        do {
          yield await this.#learning.train(() =>
            this.#runPart(epoch, every * this.#settings.accumulate)
          );
          this.#learning.checkUsable();
        } while (this.#progress.batches.length > 0);
      }
    } finally {
      this.#isTraining = false;
    }
  }

  /** Trains so many steps, or to the end of an epoch. */
  async #runPart(epoch: Epoch, count: number): Promise<TrainingPart> {
    const { program, source, steps, learningRate } = epoch;
    const first = this.#progress.batches.length;
    const last = Math.min(steps, first + count);
    for (let next = first; next < last;) {
      const size = Math.min(program.stepsOf(source), last - next);
      this.#progress.take(epoch, await program.run(this.#progress.makeSteps(epoch, next, size)));
      next += size;
    }
    const means = meansOf(this.#progress.batches.slice(first), this.#settings.batchSize);
    if (last === steps) {
      const snapshot = await this.#learning.snapshotOf(program, this.#progress.updates)();
      checkLearned(snapshot, this.#progress, this.#settings);
      this.#progress.endEpoch();
    }
    return { epoch: epoch.epoch, step: last, steps, learningRate, ...means };
  }

  /**
   * The gradient of the mean loss of a batch, as the next step would find it. Nothing is learned.
   *
   * @param batch The samples, with labels: as many as a batch of the trainer holds at most.
   * @returns A tensor for each parameter, by PyTorch's names.
   * @throws {RangeError | TypeError} If the samples don't fit.
   */
  async gradients(batch: Dataset): Promise<Map<string, Tensor>> {
    this.#learning.checkUsable();
    const { seed } = this.#settings;
    const key = hashAll(
      seed,
      STREAM.train,
      this.#progress.epoch + 1,
      this.#progress.batches.length,
    );
    return await this.#learning.gradients(batch, key);
  }

  /**
   * All that the training would go on from, were it to stop now. Call it while `fit` isn't running: before
   * it, after it, or where it has yielded an epoch.
   *
   * @returns The state, `step` 0 between epochs. After an abort it is that after the last step, so that
   * nothing is lost.
   * @throws {DivergedError} If a parameter is no number any more.
   * @throws {TypeError} If the trainer was disposed of.
   */
  async state(): Promise<TrainerState> {
    this.#learning.checkUsable();
    return this.#stateOf(await (await this.#learning.snapshot(this.#progress.updates))());
  }

  /**
   * Goes on from a state: `fit` does then what it would have done, bit for bit on the same kind of
   * adapter, if network, options and samples are the same. Call it while nothing is running.
   *
   * @param state The state. One of no updates needs nothing that an optimizer keeps.
   * @throws {TypeError} If its parameters aren't those of the network, or the trainer was disposed of.
   * @throws {RangeError} If a count isn't an integer of at least 0, or doesn't fit the others.
   */
  async restore(state: TrainerState): Promise<void> {
    this.#learning.checkUsable();
    checkState(state, this.#settings.accumulate);
    await this.#learning.restore(state);
    this.#progress.restore(state);
  }

  /** Frees the buffers on the device, but for those of the model. The trainer is of no use then. */
  dispose(): void {
    this.#learning.dispose();
  }

  /** Calls {@linkcode Trainer.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Keeps others from training at the same time. */
  #begin(): void {
    this.#learning.checkUsable();
    if (this.#isTraining) throw new TypeError("Cannot train as this trainer is training already");
    this.#isTraining = true;
  }

  #startEpoch(course: Course): Epoch {
    return startEpoch(course, this.#settings, this.#progress.epoch + 1);
  }

  /** The jobs of an epoch: its steps, the check of what was learned, and the test. */
  *#epochJobs(
    epoch: Epoch,
    options: FitOptions,
    onTaken: () => void,
    test: Source | undefined,
    result: EpochResult,
  ): Generator<Job<unknown>, void> {
    const { program } = epoch;
    if (!(yield* this.#trainJobs(epoch, options, onTaken))) return;
    if (options.gradientNorms) yield gradientNormsJob(program, result);
    const check = (learned: Snapshot) => checkLearned(learned, this.#progress, this.#settings);
    yield this.#snapshotJob(program, check);
    if (!test) return;
    yield* passJobs(program, {
      source: test,
      observes: true,
      keyOf: (step) => hashAll(this.#settings.seed, STREAM.test, step),
      chunk: () => this.#runner.chunk,
      signal: options.signal,
      take: (pass) =>
        void (result.test = this.model.core.evaluationOf(test.dataset, program, pass)),
    });
  }

  /** Jobs of a chunk of steps each. Whether they are all: the signal may end them. */
  *#trainJobs(
    epoch: Epoch,
    { signal, checkpointEvery = Infinity, onCheckpoint }: FitOptions,
    onTaken: () => void,
  ): Generator<Job<unknown>, boolean> {
    const { program, source, steps } = epoch;
    const { accumulate } = this.#settings;
    const every = onCheckpoint ? checkpointEvery * accumulate : Infinity;
    const take = (metrics: readonly StepMetrics[]) => {
      this.#progress.take(epoch, metrics);
      onTaken();
    };
    const takeCheckpoint = async (snapshot: Snapshot) => {
      if (this.#progress.batches.length < steps) await onCheckpoint?.(this.#stateOf(snapshot));
    };
    for (let next = this.#progress.batches.length; next < steps;) {
      // Within an update there is no state to go on from.
      if (signal?.aborted && next % accumulate === 0) return false;
      this.#learning.checkUsable();
      const toCheckpoint = every - next % every;
      const size = Math.min(
        this.#runner.chunk,
        program.stepsOf(source),
        steps - next,
        toCheckpoint,
      );
      const submit = program.prepare(this.#progress.makeSteps(epoch, next, size));
      next += size;
      yield { steps: size, submit, take };
      if (size === toCheckpoint) yield this.#snapshotJob(program, takeCheckpoint);
    }
    return true;
  }

  #snapshotJob(program: Program, take: Job<Snapshot>["take"]): Job<Snapshot> {
    const submit = () => this.#learning.snapshotOf(program, this.#progress.updates);
    return { steps: 0, submit, take };
  }

  #stateOf(snapshot: Snapshot): TrainerState {
    checkLearned(snapshot, this.#progress, this.#settings);
    return {
      ...snapshot,
      epoch: this.#progress.epoch,
      step: this.#progress.batches.length,
      batches: [...this.#progress.batches],
    };
  }
}
