import type { BatchStep } from "../core/feed.ts";
import { hashAll, Random } from "../core/random.ts";
import type { Source } from "../core/source.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Tensor } from "../formats/tensor.ts";
import type { Evaluation } from "../model/evaluation.ts";
import { inputOf, type Model } from "../model/model.ts";
import { readTensors } from "../model/tensors.ts";
import { constantRate } from "../optimizers/schedulers/constant_rate.ts";
import { type Job, JobRunner } from "../program/jobs.ts";
import { passJobs } from "../program/pass.ts";
import type { Program, StepMetrics } from "../program/program.ts";
import { checkAbove, checkCount, checkFinite } from "../validate.ts";
import { DivergedError } from "./diverged_error.ts";
import { type Snapshot, takeSnapshot, writeOptimizer } from "./snapshot.ts";
import type {
  EpochReport,
  FitOptions,
  StepsOptions,
  TrainerOptions,
  TrainingPart,
} from "./trainer_options.ts";
import { type BatchSums, checkState, meansOf, type TrainerState } from "./trainer_state.ts";

/** Streams of random numbers, so that none repeats another. */
const STREAM = { order: 2, train: 3, test: 4 } as const;

/** A training set, ready to be read. */
interface Course {
  readonly program: Program;
  readonly source: Source;
  /** Steps of an epoch. */
  readonly steps: number;
}

/** An epoch under way. */
interface Epoch extends Course {
  /** Its number, from 1. */
  readonly epoch: number;
  readonly learningRate: number;
  readonly stepAt: (step: number) => BatchStep;
}

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
  readonly #options: Required<Omit<TrainerOptions, "clip">> & Pick<TrainerOptions, "clip">;
  #program: Promise<Program> | undefined;
  /** What the samples are that the program was compiled for. */
  #content = "";
  /** For gradients that are looked at, once there is one. */
  #gradients: Promise<Program> | undefined;
  #disposed = false;
  #isTraining = false;
  /** Finished epochs. */
  #epoch = 0;
  /** Steps of the optimizer that were submitted. */
  #updates = 0;
  /** What the steps of the epoch under way reported. */
  #batches: BatchSums[] = [];
  readonly #runner = new JobRunner();
  /** What the optimizer is to keep, until there is a program. */
  #restored: TrainerState["optimizer"] = new Map();

  /**
   * Prepares a training; the device isn't used before the first call.
   *
   * @param model What to train.
   * @param options How.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(model: Model, options: TrainerOptions) {
    const what = "Cannot create a Trainer";
    const { batchSize, seed } = { ...model.options, ...withoutUndefined(options) };
    const accumulate = options.accumulate ?? 1;
    checkCount(what, "batchSize", batchSize);
    checkCount(what, "accumulate", accumulate);
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(
        `${what} as seed must be an integer of 0 to 2^32 - 1: current value is ${seed}`,
      );
    }
    for (const [name, value] of Object.entries(options.clip ?? {})) {
      if (value !== undefined) checkAbove(what, `clip.${name}`, value, 0);
    }
    this.model = model;
    this.#options = {
      ...options,
      batchSize,
      seed,
      accumulate,
      scheduler: options.scheduler ?? constantRate(),
    };
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
    const { model } = this;
    const test = options.test && model.openSource(options.test, { labelled: true });
    using _ = this.#begin();
    const course = await this.#open(train);
    if (test) await course.program.open(test);
    for (let i = 0; i < options.epochs; i++) {
      const start = performance.now();
      const before = this.#batches.length;
      const epoch = this.#startEpoch(course);
      const { batchSize } = this.#options;
      let trained = start;
      const onTaken = () => {
        trained = performance.now();
        const step = this.#batches.length;
        const rate = (step - before) * batchSize / (trained - start) * 1000;
        options.onProgress?.({
          epoch: epoch.epoch,
          step,
          steps: course.steps,
          ...meansOf(this.#batches, batchSize),
          imagesPerSecond: rate,
        });
      };
      let evaluation: Evaluation | undefined;
      await this.#runner.run(
        this.#epochJobs(epoch, options, onTaken, test, (result) => evaluation = result),
      );
      if (this.#batches.length < course.steps || (test && !evaluation)) return;
      if (evaluation && !Number.isFinite(evaluation.loss)) {
        throw this.#diverged(epoch, `the test loss is ${evaluation.loss}`);
      }
      const means = meansOf(this.#batches, batchSize);
      const report: EpochReport = {
        epoch: epoch.epoch,
        learningRate: epoch.learningRate,
        trainLoss: means.loss,
        trainAccuracy: means.accuracy,
        batchAccuracies: Float64Array.from(this.#batches, ({ correct }) => correct / batchSize),
        testLoss: evaluation?.loss ?? NaN,
        testAccuracy: evaluation?.accuracy ?? NaN,
        ...evaluation ? { test: evaluation } : {},
        imagesPerSecond: (course.steps - before) * batchSize / (trained - start) * 1000,
        seconds: (performance.now() - start) / 1000,
      };
      this.#endEpoch();
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
    using _ = this.#begin();
    const course = await this.#open(train);
    const { program, source, steps } = course;
    for (let i = 0; i < epochs; i++) {
      const epoch = this.#startEpoch(course);
      while (this.#batches.length < steps) {
        const first = this.#batches.length;
        const last = Math.min(steps, first + every * this.#options.accumulate);
        for (let next = first; next < last;) {
          const size = Math.min(program.stepsOf(source), last - next);
          const run = program.run(Array.from({ length: size }, () => epoch.stepAt(next++)));
          this.#take(epoch, await run);
        }
        const step = this.#batches.length;
        const part = { epoch: epoch.epoch, step, steps, learningRate: epoch.learningRate };
        const means = meansOf(this.#batches.slice(first), this.#options.batchSize);
        if (step === steps) {
          this.#checkLearned(await this.#snapshot(program)());
          this.#endEpoch();
        }
        yield { ...part, ...means };
        this.#checkUsable();
        if (step === steps) break;
      }
    }
  }

  /**
   * The gradient of the mean loss of a batch, as the next step would find it. Nothing is learned.
   *
   * @param batch The samples, with labels: as many as a batch of the trainer holds at most.
   * @returns A tensor for each parameter, by PyTorch's names.
   * @throws {RangeError | TypeError} If the samples don't fit.
   */
  async gradients(batch: Dataset): Promise<Map<string, Tensor>> {
    this.#checkUsable();
    const { model } = this;
    const { batchSize, loss, seed } = this.#options;
    if (batch.count > batchSize) {
      throw new RangeError(
        `Cannot take the gradients of ${batch.count} samples at once as a batch holds ${batchSize}`,
      );
    }
    const source = model.openSource(batch, { labelled: true });
    this.#gradients ??= model.compileProgram(inputOf(batch), { mode: "train", batchSize, loss });
    const program = await this.#gradients;
    await program.open(source);
    this.#checkUsable();
    const samples = program.order(source, Uint32Array.from({ length: batch.count }, (_, i) => i));
    const key = hashAll(seed, STREAM.train, this.#epoch + 1, this.#batches.length);
    program.submit([{ key, source, samples, update: [0, 0, 0, 0] }]);
    const blocks = [...program.parameters];
    const values = await readTensors(
      model.gpu,
      blocks.map(([{ size }, { gradient }]) => ({ buffer: gradient, size })),
    )();
    // Kernels take the mean over a whole batch.
    const scale = batchSize / batch.count;
    return new Map(
      blocks.flatMap(([block], i) =>
        model.store.tensorsOf(block, scale === 1 ? values[i]! : values[i]!.map((g) => g * scale))
      ),
    );
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
    this.#checkUsable();
    const program = await this.#program;
    if (program) return this.#stateOf(await this.#snapshot(program)());
    const parameters = await this.model.parameters();
    return this.#stateOf({ updates: this.#updates, parameters, optimizer: this.#restored });
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
    this.#checkUsable();
    checkState(state);
    const { store } = this.model;
    const { missing, misfits } = store.flawsOf(state.parameters);
    const [flaw] = [...missing.map((name) => `"${name}" is missing`), ...misfits];
    if (flaw !== undefined) {
      throw new TypeError(`Cannot restore the state of a training as its tensor ${flaw}`);
    }
    const program = await this.#program;
    if (program) this.#restoreOptimizer(program, state.optimizer, state.updates);
    store.load(state.parameters);
    this.#restored = state.optimizer;
    this.#epoch = state.epoch;
    this.#updates = state.updates;
    this.#batches = [...state.batches];
  }

  /** Frees the buffers on the device, but for those of the model. The trainer is of no use then. */
  dispose(): void {
    this.#disposed = true;
    for (const program of [this.#program, this.#gradients]) {
      program?.then((program) => program.dispose(), () => {});
    }
    this.#program = undefined;
    this.#gradients = undefined;
  }

  /** Calls {@linkcode Trainer.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Keeps others from training at the same time. */
  #begin(): Disposable {
    this.#checkUsable();
    if (this.#isTraining) throw new TypeError("Cannot train as this trainer is training already");
    this.#isTraining = true;
    return { [Symbol.dispose]: () => void (this.#isTraining = false) };
  }

  /** Makes a data set ready to train with. */
  async #open(train: Dataset): Promise<Course> {
    const { batchSize, accumulate } = this.#options;
    const source = this.model.openSource(train, { labelled: true });
    if (train.count < batchSize * accumulate) {
      throw new RangeError(
        `Cannot train as a batch of ${batchSize * accumulate} needs as many samples: there are ` +
          `${train.count}`,
      );
    }
    const program = await this.#compile(train);
    await program.open(source);
    const steps = Math.floor(train.count / (batchSize * accumulate)) * accumulate;
    if (this.#batches.length > steps) {
      throw new RangeError(
        `Cannot train as the epoch under way has ${steps} steps: the restored state is after ` +
          `${this.#batches.length}`,
      );
    }
    return { program, source, steps };
  }

  async #compile(data: Dataset): Promise<Program> {
    const input = inputOf(data);
    const content = [input.content, input.timeSteps].join(" ");
    if (this.#program && content !== this.#content) {
      throw new TypeError(
        `Cannot train on ${content.trim()} as this trainer was compiled for ${this.#content.trim()}`,
      );
    }
    if (!this.#program) {
      const { loss, optimizer, batchSize, accumulate, clip } = this.#options;
      this.#content = content;
      // The promise is kept, so that calls at the same time share one program.
      this.#program = this.model.compileProgram(input, {
        mode: "train",
        loss,
        optimizer,
        batchSize,
        accumulate,
        ...clip ? { clip } : {},
      }).then((program) => {
        this.#restoreOptimizer(program, this.#restored, this.#updates);
        return program;
      });
      this.#program.catch(() => this.#program = undefined);
    }
    const program = await this.#program;
    this.#checkUsable();
    return program;
  }

  /** Gives an optimizer what it kept; nothing if it had no step yet. */
  #restoreOptimizer(program: Program, tensors: TrainerState["optimizer"], updates: number): void {
    const { gpu } = this.model;
    if (tensors.size > 0 || updates > 0) return writeOptimizer(gpu, program, tensors);
    for (const state of program.compiled.states.values()) {
      for (const buffer of Object.values(state)) gpu.write(buffer, new Uint8Array(buffer.size));
    }
  }

  #startEpoch(course: Course): Epoch {
    const { batchSize, optimizer, scheduler, seed, accumulate } = this.#options;
    const { program, source } = course;
    const epoch = this.#epoch + 1;
    const learningRate = checkFinite(
      "Cannot train",
      "the scheduler's learning rate",
      scheduler.rate(epoch - 1, optimizer.learningRate),
    );
    const order = new Random(seed, STREAM.order, epoch).permutation(source.dataset.count);
    const stepAt = (step: number): BatchStep => {
      const ends = step % accumulate === accumulate - 1;
      const update = optimizer.stepValues(this.#updates + 1, learningRate);
      if (ends) this.#updates++;
      const samples = order.subarray(step * batchSize, (step + 1) * batchSize);
      return {
        key: hashAll(seed, STREAM.train, epoch, step),
        update,
        part: { adds: step % accumulate > 0, ends },
        source,
        samples: program.order(source, samples),
      };
    };
    return { ...course, epoch, learningRate, stepAt };
  }

  #endEpoch(): void {
    this.#epoch++;
    this.#batches = [];
  }

  /** Takes what steps reported. */
  #take(epoch: Epoch, metrics: readonly StepMetrics[]): void {
    for (const { loss, correct } of metrics) {
      if (!Number.isFinite(loss)) {
        throw new DivergedError(
          epoch.epoch,
          this.#batches.length + 1,
          `the loss is ${loss}`,
          epoch.learningRate,
        );
      }
      this.#batches.push({ loss, correct });
    }
  }

  /** The jobs of an epoch: its steps, the check of what was learned, and the test. */
  *#epochJobs(
    epoch: Epoch,
    options: FitOptions,
    onTaken: () => void,
    test: Source | undefined,
    onTested: (evaluation: Evaluation) => void,
  ): Generator<Job<unknown>, void> {
    const { program } = epoch;
    if (!(yield* this.#trainJobs(epoch, options, onTaken))) return;
    yield this.#snapshotJob(program, (snapshot) => this.#checkLearned(snapshot));
    if (!test) return;
    yield* passJobs(program, {
      source: test,
      observes: true,
      keyOf: (step) => hashAll(this.#options.seed, STREAM.test, step),
      chunk: () => this.#runner.chunk,
      signal: options.signal,
      take: (result) => onTested(this.model.evaluationOf(test.dataset, program, result)),
    });
  }

  /** Jobs of a chunk of steps each. Whether they are all: the signal may end them. */
  *#trainJobs(
    epoch: Epoch,
    { signal, checkpointEvery = Infinity, onCheckpoint }: FitOptions,
    onTaken: () => void,
  ): Generator<Job<unknown>, boolean> {
    const { program, source, steps, stepAt } = epoch;
    const { accumulate } = this.#options;
    const every = onCheckpoint ? checkpointEvery * accumulate : Infinity;
    const take = (metrics: readonly StepMetrics[]) => {
      this.#take(epoch, metrics);
      onTaken();
    };
    const takeCheckpoint = async (snapshot: Snapshot) => {
      if (this.#batches.length < steps) await onCheckpoint?.(this.#stateOf(snapshot));
    };
    for (let next = this.#batches.length; next < steps;) {
      // Within an update there is no state to go on from.
      if (signal?.aborted && next % accumulate === 0) return false;
      this.#checkUsable();
      const toCheckpoint = every - next % every;
      const size = Math.min(
        this.#runner.chunk,
        program.stepsOf(source),
        steps - next,
        toCheckpoint,
      );
      const submit = program.prepare(Array.from({ length: size }, () => stepAt(next++)));
      yield { steps: size, submit, take };
      if (size === toCheckpoint) yield this.#snapshotJob(program, takeCheckpoint);
    }
    return true;
  }

  #snapshot(program: Program) {
    const { gpu, store } = this.model;
    return takeSnapshot(gpu, store, program, this.#updates);
  }

  #snapshotJob(program: Program, take: Job<Snapshot>["take"]): Job<Snapshot> {
    return { steps: 0, submit: () => this.#snapshot(program), take };
  }

  #stateOf(snapshot: Snapshot): TrainerState {
    this.#checkLearned(snapshot);
    return {
      ...snapshot,
      epoch: this.#epoch,
      step: this.#batches.length,
      batches: [...this.#batches],
    };
  }

  /**
   * Neurons hide it from the loss if their weights are no numbers: they just don't fire. A state like
   * that is of no use to anyone.
   */
  #checkLearned({ parameters }: Snapshot): void {
    for (const [name, { data }] of parameters) {
      const wrong = (data as Float32Array).find((x) => !Number.isFinite(x));
      if (wrong === undefined) continue;
      const { optimizer, scheduler } = this.#options;
      // Between epochs it was the last step of the one before.
      const epoch = this.#batches.length > 0 ? this.#epoch + 1 : this.#epoch;
      const learningRate = scheduler.rate(Math.max(0, epoch - 1), optimizer.learningRate);
      throw this.#diverged({ epoch, learningRate }, `"${name}" has a parameter that is ${wrong}`);
    }
  }

  #diverged(
    { epoch, learningRate }: Pick<Epoch, "epoch" | "learningRate">,
    what: string,
  ): DivergedError {
    return new DivergedError(epoch, this.#batches.length, what, learningRate);
  }

  #checkUsable(): void {
    if (this.#disposed) throw new TypeError("Cannot use a trainer that was disposed of");
  }
}

function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
