import { hashAll } from "../core/random.ts";
import type { Source } from "../core/source.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Tensor } from "../formats/tensor.ts";
import type { Model } from "../model/model.ts";
import { checkSeed } from "../model/model_options.ts";
import { constantRate } from "../optimizers/schedulers/constant_rate.ts";
import { checkAbove, checkCount } from "../validate.ts";
import { Alone } from "./alone.ts";
import { stateOf } from "./check_learned.ts";
import { DivergedError } from "./diverged_error.ts";
import { type Epoch, type EpochResult, reportOf, startEpoch, STREAM } from "./epoch.ts";
import type { EpochRunner } from "./epoch_runner.ts";
import { type Course, Learning } from "./learning.ts";
import { Progress } from "./progress.ts";
import { averageRound, gradientRound } from "./round.ts";
import { checkShares, Together } from "./together.ts";
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
  readonly #progress = new Progress();
  readonly #runner: EpochRunner;
  #isTraining = false;

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
    const { accumulate = 1, scheduler = constantRate(), exchange, averageEvery } = options;
    checkCount(what, "batchSize", batchSize);
    checkCount(what, "accumulate", accumulate);
    checkSeed(what, seed);
    if (averageEvery !== undefined) checkCount(what, "averageEvery", averageEvery);
    if (exchange) checkShares(what, model.core, { ...options, batchSize }, exchange);
    for (const [name, value] of Object.entries(options.clip ?? {})) {
      if (value !== undefined) checkAbove(what, `clip.${name}`, value, 0);
    }
    this.model = model;
    this.#settings = { ...options, batchSize, seed, accumulate, scheduler };
    this.#learning = new Learning(model.core, this.#settings);
    const parts = [model.core, this.#learning, this.#progress, this.#settings] as const;
    if (exchange) {
      const round = averageEvery === undefined
        ? gradientRound(this.#progress, this.#settings, exchange)
        : averageRound(model.core, this.#progress, this.#settings, exchange, averageEvery);
      this.#runner = new Together(...parts, exchange, round);
    } else this.#runner = new Alone(...parts);
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
      await this.#runner.checkStart(course, [options.epochs, options.test?.count ?? 0]);
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
      await this.#learning.train(() => this.#runner.run({ epoch, options, test, onTaken, result }));
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
      if (await this.#runner.stops(options.signal)) return;
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
      await this.#runner.checkStart(course, [every, epochs]);
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
    const { steps, learningRate } = epoch;
    const { batches } = this.#progress;
    const first = batches.length;
    const last = Math.min(steps, first + count);
    while (batches.length < last) await this.#runner.step(epoch, last - batches.length);
    const means = meansOf(batches.slice(first), this.#settings.batchSize);
    if (last === steps) {
      await this.#runner.checkEnd(epoch);
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
    const snapshot = await (await this.#learning.snapshot(this.#progress.updates))();
    return stateOf(snapshot, this.#progress, this.#settings);
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
}
