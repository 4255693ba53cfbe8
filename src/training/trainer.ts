import type { ImageDataset } from "../datasets/image_dataset.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Gpu, Reading } from "../gpu/gpu.ts";
import type { Loss } from "../losses/loss.ts";
import { activePixels, allPixels, type PixelLists } from "../network/pixel_lists.ts";
import { Plan, type PlanStep, type StepMetrics } from "../network/plan.ts";
import type { Sequential } from "../network/sequential.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { constantRate } from "../optimizers/schedulers/constant_rate.ts";
import type { Scheduler } from "../optimizers/schedulers/scheduler.ts";
import { hashAll, Random } from "../signal/random.ts";
import { DivergedError } from "./diverged_error.ts";
import { confusionOf, type Evaluation, layerFiring } from "./evaluation.ts";
import { type Job, JobRunner } from "./jobs.ts";
import { readRecording, type Recording } from "./recording.ts";
import { type Snapshot, takeSnapshot, writeState } from "./snapshot.ts";
import { type BatchSums, layerValues, namedTensors, type TrainerState } from "./trainer_state.ts";
import { checkCount, checkFinite } from "../validate.ts";

/** Options of a {@linkcode Trainer}. */
export interface TrainerOptions {
  /** How images become signals. */
  encoder: Encoder;
  /** T, the number of time steps. */
  timeSteps: number;
  /** Images of a batch. */
  batchSize: number;
  /** The loss. */
  loss: Loss;
  /** The optimizer. */
  optimizer: Optimizer;
  /**
   * How the learning rate varies from epoch to epoch.
   *
   * @default {constantRate()}
   */
  scheduler?: Scheduler;
  /**
   * What the initial weights, the order of the images and their spikes follow from.
   *
   * @default {1}
   */
  seed?: number;
}

/** Options of {@linkcode Trainer.fit}. */
export interface FitOptions {
  /** How many epochs to train. */
  epochs: number;
  /** Images to test with after each epoch. */
  test?: ImageDataset;
  /** Ends the training after the steps that are on their way to the device. */
  signal?: AbortSignal;
  /** Is called after each chunk of training steps. */
  onProgress?: (progress: TrainingProgress) => void;
  /**
   * How many steps of an epoch lie between calls of `onCheckpoint`.
   *
   * @default {Infinity}
   */
  checkpointEvery?: number;
  /** Is called within an epoch with the state after every `checkpointEvery` steps, and awaited. */
  onCheckpoint?: (state: TrainerState) => void | Promise<void>;
}

/** How far an epoch is. */
export interface TrainingProgress {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** Mean loss of the epoch so far. */
  readonly loss: number;
  /** Accuracy of the epoch so far, 0 to 1. */
  readonly accuracy: number;
  /** Training images a second, since the epoch started or went on. */
  readonly imagesPerSecond: number;
}

/** What an epoch gave. */
export interface EpochReport {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** The learning rate of the epoch. */
  readonly learningRate: number;
  /** Mean loss over the epoch's training steps. */
  readonly trainLoss: number;
  /** Accuracy over the epoch's training steps, 0 to 1. */
  readonly trainAccuracy: number;
  /** Accuracy of each training step's batch, 0 to 1. */
  readonly batchAccuracies: Float64Array<ArrayBuffer>;
  /** Mean loss on the test images; NaN without any. */
  readonly testLoss: number;
  /** Accuracy on the test images, 0 to 1; NaN without any. */
  readonly testAccuracy: number;
  /** All that the test images gave; nothing without any. */
  readonly test?: Evaluation;
  /**
   * Training images a second, until the results of the last training step came: a fast device may be done
   * with the test pass by then.
   */
  readonly imagesPerSecond: number;
  /** Seconds that the epoch took, with its test pass. */
  readonly seconds: number;
}

/** Streams of random numbers, so that none repeats another. */
const STREAM = { weights: 1, order: 2, train: 3, test: 4 } as const;

/**
 * Trains a network on images.
 *
 * The same seed gives the same numbers on the same adapter, run after run.
 *
 * @example
 * ```ts ignore
 * const trainer = new Trainer(gpu, network, {
 *   encoder: new PoissonEncoder(), timeSteps: 100, batchSize: 128,
 *   loss: rateMse(), optimizer: new Adam(), seed: 1,
 * });
 * for await (const epoch of trainer.fit(train, { epochs: 20, test })) console.log(epoch);
 * ```
 */
export class Trainer implements Disposable {
  readonly #gpu: Gpu;
  readonly #network: Sequential;
  readonly #options: Required<TrainerOptions>;
  readonly #lists = new Map<ImageDataset, PixelLists>();
  #plan: Promise<Plan> | undefined;
  /** For recordings of single images, once there is one. */
  #recorder: Promise<Plan> | undefined;
  /** Features of an image, once there is a plan. */
  #features = 0;
  #disposed = false;
  /** Finished epochs. */
  #epoch = 0;
  /** Steps of the optimizer that were submitted. */
  #updates = 0;
  /** What the steps of the epoch under way reported. */
  #batches: BatchSums[] = [];
  readonly #runner = new JobRunner();
  /** What the parameters are to be, until there is a plan. */
  #restored: TrainerState | undefined;

  /**
   * Prepares a training; the device isn't used before the first call.
   *
   * @param gpu Where to train.
   * @param network What to train.
   * @param options How.
   * @throws {RangeError} If T, the batch size or the seed is out of range.
   */
  constructor(gpu: Gpu, network: Sequential, options: TrainerOptions) {
    const what = "Cannot create a Trainer";
    checkCount(what, "timeSteps", options.timeSteps);
    checkCount(what, "batchSize", options.batchSize);
    const seed = options.seed ?? 1;
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(
        `${what} as seed must be an integer of 0 to 2^32 - 1: current value is ${seed}`,
      );
    }
    this.#gpu = gpu;
    this.#network = network;
    this.#options = { ...options, scheduler: options.scheduler ?? constantRate(), seed };
  }

  /**
   * Trains; yields after each epoch. An epoch takes the images in a fresh random order and drops the
   * last, incomplete batch.
   *
   * @param train The images to train with.
   * @param options How long, and what to test with.
   * @throws {RangeError} If there are fewer images than a batch holds, or classes the network lacks, or
   * a data set's parts don't fit together.
   * @throws {DivergedError} If the loss or that of the test is no number, or a parameter isn't at the end
   * of an epoch or where a checkpoint is due.
   * @throws {TypeError} If the trainer or its GPU was disposed of.
   */
  async *fit(
    train: ImageDataset,
    options: FitOptions,
  ): AsyncGenerator<EpochReport, void, void> {
    this.#checkUsable();
    checkCount("Cannot train", "epochs", options.epochs);
    checkDataset(train);
    const { batchSize, optimizer, scheduler, seed } = this.#options;
    if (train.count < batchSize) {
      throw new RangeError(
        `Cannot train as a batch of ${batchSize} needs as many images: there are ${train.count}`,
      );
    }
    const { checkpointEvery = Infinity, onCheckpoint } = options;
    if (checkpointEvery !== Infinity) {
      checkCount("Cannot train", "checkpointEvery", checkpointEvery);
    }
    const plan = await this.#compile(train);
    const lists = this.#listsOf(train);
    if (options.test) this.#check(options.test);
    const steps = Math.floor(train.count / batchSize);
    if (this.#batches.length > steps) {
      throw new RangeError(
        `Cannot train as the epoch under way has ${steps} steps: the restored state is after ` +
          `${this.#batches.length}`,
      );
    }
    for (let i = 0; i < options.epochs; i++) {
      const start = performance.now();
      const epoch = this.#epoch + 1;
      const before = this.#batches.length;
      const learningRate = checkFinite(
        "Cannot train",
        "the scheduler's learning rate",
        scheduler.rate(epoch - 1, optimizer.learningRate),
      );
      const order = new Random(seed, STREAM.order, epoch).permutation(train.count);
      const stepAt = (step: number): PlanStep => ({
        key: hashAll(seed, STREAM.train, epoch, step),
        optimizer: optimizer.stepValues(++this.#updates, learningRate),
        lists,
        images: byLength(lists, order.subarray(step * batchSize, (step + 1) * batchSize)),
      });
      let trained = start;
      const take = (metrics: readonly StepMetrics[]) => {
        for (const { loss, correct } of metrics) {
          if (!Number.isFinite(loss)) {
            throw new DivergedError(
              epoch,
              this.#batches.length + 1,
              `the loss is ${loss}`,
              learningRate,
            );
          }
          this.#batches.push({ loss, correct });
        }
        const step = this.#batches.length;
        const { loss, accuracy } = meansOf(this.#batches, batchSize);
        trained = performance.now();
        const rate = (step - before) * batchSize / (trained - start) * 1000;
        options.onProgress?.({ epoch, step, steps, loss, accuracy, imagesPerSecond: rate });
      };
      const takeCheckpoint = async (snapshot: Snapshot) => {
        if (this.#batches.length < steps) await onCheckpoint?.(this.#stateOf(snapshot));
      };
      const snapshotEvery = onCheckpoint ? checkpointEvery : Infinity;
      const { signal } = options;
      const pass = {
        plan,
        first: before,
        steps,
        stepAt,
        signal,
        take,
        snapshotEvery,
        takeCheckpoint,
      };
      let test: Evaluation | undefined;
      await this.#runner.run(this.#epochJobs(pass, options.test, (result) => test = result));
      if (this.#batches.length < steps || (options.test && !test)) return;
      // The last update of an epoch may have made weights that are numbers, but too large ones.
      if (test && !Number.isFinite(test.loss)) {
        throw new DivergedError(epoch, steps, `the test loss is ${test.loss}`, learningRate);
      }
      const { loss: trainLoss, accuracy: trainAccuracy } = meansOf(this.#batches, batchSize);
      const report: EpochReport = {
        epoch,
        learningRate,
        trainLoss,
        trainAccuracy,
        batchAccuracies: Float64Array.from(this.#batches, ({ correct }) => correct / batchSize),
        testLoss: test?.loss ?? NaN,
        testAccuracy: test?.accuracy ?? NaN,
        ...test ? { test } : {},
        imagesPerSecond: (steps - before) * batchSize / (trained - start) * 1000,
        seconds: (performance.now() - start) / 1000,
      };
      this.#epoch = epoch;
      this.#batches = [];
      yield report;
      if (options.signal?.aborted) return;
    }
  }

  /**
   * All that the training would go on from, were it to stop now. Call it while `fit` isn't running: before
   * it, after it, or where it has yielded an epoch.
   *
   * @returns The state, `step` 0 between epochs. After an abort it is that after the last step, so that
   * nothing is lost.
   * @throws {DivergedError} If a parameter is no number any more.
   * @throws {TypeError} If nothing was trained or restored yet, or the trainer was disposed of.
   */
  async state(): Promise<TrainerState> {
    this.#checkUsable();
    const plan = await this.#plan;
    if (plan) return this.#stateOf(await takeSnapshot(plan, this.#updates)());
    if (this.#restored) return this.#restored;
    throw new TypeError("Cannot take the state of a trainer that has not trained yet");
  }

  /**
   * Goes on from a state: `fit` does then what it would have done, bit for bit on the same kind of
   * adapter, if network, options and images are the same. Call it while nothing is running.
   *
   * @param state The state.
   * @throws {TypeError} If its parameters aren't those of the network, or the trainer was disposed of.
   * @throws {RangeError} If a count isn't an integer of at least 0, or doesn't fit the others.
   */
  async restore(state: TrainerState): Promise<void> {
    this.#checkUsable();
    const { epoch, step, updates, batches } = state;
    for (const [name, value] of Object.entries({ epoch, step, updates })) {
      if (!Number.isSafeInteger(value) || value < 0) {
        throw new RangeError(
          `Cannot restore a training as ${name} must be an integer of at least 0: it is ${value}`,
        );
      }
    }
    if (batches.length !== step) {
      throw new RangeError(
        `Cannot restore a training as it must have a report of each of ${step} steps: it has ` +
          `${batches.length}`,
      );
    }
    layerValues(this.#network, state.parameters);
    const plan = await this.#plan;
    if (plan) writeState(this.#gpu, this.#network, plan, state);
    this.#restored = state;
    this.#epoch = epoch;
    this.#updates = updates;
    this.#batches = [...batches];
  }

  /**
   * Neurons hide it from the loss if their weights are no numbers: they just don't fire. A state like
   * that is of no use to anyone.
   */
  #checkLearned({ parameters }: Snapshot): void {
    const layer = parameters.findIndex((values) => values?.some((x) => !Number.isFinite(x)));
    if (layer < 0) return;
    const { optimizer, scheduler } = this.#options;
    // Between epochs it was the last step of the one before.
    const epoch = this.#batches.length > 0 ? this.#epoch + 1 : this.#epoch;
    const wrong = parameters[layer]!.find((x) => !Number.isFinite(x));
    const { kind } = this.#network.layers[layer]!;
    throw new DivergedError(
      epoch,
      this.#batches.length,
      `layer ${layer} (${kind}) has a parameter that is ${wrong}`,
      scheduler.rate(Math.max(0, epoch - 1), optimizer.learningRate),
    );
  }

  #stateOf(snapshot: Snapshot): TrainerState {
    this.#checkLearned(snapshot);
    const network = this.#network;
    const optimizer = Object.entries(snapshot.optimizer).flatMap(([name, values]) => [
      ...namedTensors(network, values, `.${name}`),
    ]);
    return {
      epoch: this.#epoch,
      step: this.#batches.length,
      updates: snapshot.updates,
      batches: [...this.#batches],
      parameters: namedTensors(network, snapshot.parameters),
      optimizer: new Map(optimizer),
    };
  }

  /**
   * Classifies images and compares with their labels. Nothing is learned.
   *
   * @param dataset The images.
   * @returns Mean loss, accuracy, and how the neurons fired.
   * @throws {RangeError} If the images or their classes don't fit the network.
   * @throws {TypeError} If the trainer or its GPU was disposed of.
   */
  async evaluate(dataset: ImageDataset): Promise<Evaluation> {
    const plan = await this.#compile(dataset);
    let evaluation: Evaluation | undefined;
    await this.#runner.run(this.#testJobs(plan, dataset, (result) => evaluation = result));
    return evaluation!;
  }

  /** The jobs of an evaluation, which doesn't come if the signal ends it. */
  *#testJobs(
    plan: Plan,
    dataset: ImageDataset,
    take: (evaluation: Evaluation) => void,
    signal?: AbortSignal,
  ): Generator<Job<unknown>, void> {
    const lists = this.#listsOf(dataset);
    const { batchSize, seed, timeSteps } = this.#options;
    const steps = Math.ceil(dataset.count / batchSize);
    const batches: Uint32Array[] = [];
    const stepAt = (step: number): PlanStep => {
      const last = Math.min(dataset.count, (step + 1) * batchSize);
      const images = batches[step] = byLength(lists, range(step * batchSize, last));
      return { key: hashAll(seed, STREAM.test, step), lists, images };
    };
    for (const { spikeSums } of plan.neurons) {
      this.#gpu.write(spikeSums, new Uint32Array(spikeSums.size / 4));
    }
    const answers = new Uint32Array(dataset.count);
    const sum = { loss: 0, correct: 0 };
    let done = 0;
    const add = (metrics: readonly StepMetrics[]) => {
      for (const { loss, correct, answers: own } of metrics) {
        sum.loss += loss;
        sum.correct += correct;
        batches[done++]!.forEach((image, i) => answers[image] = own[i]!);
      }
    };
    if (!(yield* this.#chunks({ plan, first: 0, steps, stepAt, signal, take: add }))) return;
    yield {
      steps: 0,
      submit: () => this.#submitSpikeSums(plan),
      take: (sums: Uint32Array[]) =>
        take({
          loss: sum.loss / dataset.count,
          accuracy: sum.correct / dataset.count,
          answers,
          confusion: confusionOf(dataset.labels, answers, plan.result.features),
          firing: plan.neurons.map((neurons, i) =>
            layerFiring(
              neurons,
              sums[i]!.subarray(0, neurons.output.features),
              dataset.count * timeSteps,
            )
          ),
        }),
    };
  }

  /** Copies how often the neurons of each layer fired. */
  #submitSpikeSums(plan: Plan): Reading<Uint32Array[]> {
    const readings = plan.neurons.map(({ spikeSums }) =>
      this.#gpu.submitReading(
        this.#gpu.device.createCommandEncoder(),
        spikeSums,
        spikeSums.size,
      )
    );
    return () => Promise.all(readings.map(async (read) => new Uint32Array(await read())));
  }

  /**
   * Simulates a network for one image, and keeps all that its neurons did.
   *
   * @param dataset The images.
   * @param index Which of them.
   * @returns Spikes and potentials of each layer of neurons, and the answer.
   * @throws {RangeError} If there is no such image, or it doesn't fit the network.
   * @throws {TypeError} If the trainer or its GPU was disposed of.
   */
  async record(dataset: ImageDataset, index: number): Promise<Recording> {
    if (!Number.isInteger(index) || index < 0 || index >= dataset.count) {
      throw new RangeError(
        `Cannot classify image ${index} as there are ${dataset.count}, from 0`,
      );
    }
    this.#checkUsable();
    this.#check(dataset);
    const features = dataset.height * dataset.width;
    this.#features = features;
    const { seed } = this.#options;
    this.#recorder ??= Plan.compile(this.#gpu, {
      ...this.#options,
      network: this.#network,
      features,
      width: dataset.width,
      batchSize: 1,
      records: true,
    }).catch((error) => {
      this.#recorder = undefined;
      throw error;
    });
    const [recorder, plan] = await Promise.all([this.#recorder, this.#plan]);
    this.#checkUsable();
    if (plan) recorder.copyParameters(plan);
    else this.#writeParameters(recorder);
    const key = hashAll(seed, STREAM.test, index);
    const lists = this.#listsOf(dataset);
    recorder.submit([{ key, lists, images: Uint32Array.of(index) }]);
    return await readRecording(recorder);
  }

  /** Frees the buffers on the device. The trainer is of no use then. */
  dispose(): void {
    this.#disposed = true;
    this.#lists.clear();
    for (const plan of [this.#plan, this.#recorder]) {
      plan?.then((plan) => plan.dispose(), () => {});
    }
    this.#plan = undefined;
    this.#recorder = undefined;
  }

  /** Calls {@linkcode Trainer.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The jobs of an epoch: its steps, the check of what was learned, and the test. */
  *#epochJobs(
    pass: Pass,
    test: ImageDataset | undefined,
    take: (evaluation: Evaluation) => void,
  ): Generator<Job<unknown>, void> {
    const { plan, signal } = pass;
    if (!(yield* this.#chunks(pass))) return;
    yield this.#snapshotJob(plan, (snapshot) => this.#checkLearned(snapshot));
    if (test) yield* this.#testJobs(plan, test, take, signal);
  }

  /** Jobs of a chunk of steps each. Whether they are all: the signal may end them. */
  *#chunks(pass: Pass): Generator<Job<unknown>, boolean> {
    const { plan, first, steps, stepAt, signal, take } = pass;
    const { snapshotEvery = Infinity, takeCheckpoint } = pass;
    for (let next = first; next < steps;) {
      if (signal?.aborted) return false;
      this.#checkUsable();
      const toSnapshot = snapshotEvery - next % snapshotEvery;
      const size = Math.min(this.#runner.chunk, plan.chunkSteps, steps - next, toSnapshot);
      const submit = plan.prepare(Array.from({ length: size }, () => stepAt(next++)));
      yield { steps: size, submit, take };
      if (size === toSnapshot && takeCheckpoint) yield this.#snapshotJob(plan, takeCheckpoint);
    }
    return true;
  }

  #snapshotJob(plan: Plan, take: Job<Snapshot>["take"]): Job<Snapshot> {
    return { steps: 0, submit: () => takeSnapshot(plan, this.#updates), take };
  }

  #checkUsable(): void {
    if (this.#disposed) throw new TypeError("Cannot use a trainer that was disposed of");
  }

  #listsOf(dataset: ImageDataset): PixelLists {
    let lists = this.#lists.get(dataset);
    if (!lists) {
      lists = this.#options.encoder.allPixels ? allPixels(dataset) : activePixels(dataset);
      this.#lists.set(dataset, lists);
    }
    return lists;
  }

  /** Checks that images fit the network and, if there is one, its plan. */
  #check(dataset: ImageDataset): void {
    checkDataset(dataset);
    const features = dataset.height * dataset.width;
    if ((this.#plan ?? this.#recorder) && features !== this.#features) {
      throw new RangeError(
        `Cannot use images of ${features} pixels as the network was compiled for ${this.#features}`,
      );
    }
    const classes = this.#network.outputFeatures(features);
    if (dataset.classes > classes) {
      throw new RangeError(
        `Cannot use a data set of ${dataset.classes} classes as the network has ${classes} outputs`,
      );
    }
  }

  async #compile(dataset: ImageDataset): Promise<Plan> {
    this.#checkUsable();
    this.#check(dataset);
    this.#features = dataset.height * dataset.width;
    // The promise is kept, so that calls at the same time share one plan.
    this.#plan ??= this.#compilePlan(dataset).catch((error) => {
      this.#plan = undefined;
      throw error;
    });
    const plan = await this.#plan;
    this.#checkUsable();
    return plan;
  }

  async #compilePlan(dataset: ImageDataset): Promise<Plan> {
    const network = this.#network;
    const plan = await Plan.compile(this.#gpu, {
      ...this.#options,
      network,
      features: dataset.height * dataset.width,
      width: dataset.width,
    });
    this.#writeParameters(plan);
    return plan;
  }

  /** Gives a new plan the parameters that were restored, or those that a training starts with. */
  #writeParameters(plan: Plan): void {
    const network = this.#network;
    if (this.#restored) return writeState(this.#gpu, network, plan, this.#restored);
    const random = new Random(this.#options.seed, STREAM.weights);
    network.layers.forEach((layer, i) => {
      const values = layer.initialParameters?.(random);
      if (values) this.#gpu.write(plan.parameters[i]!.values, values);
    });
  }
}

/** Steps to run. */
interface Pass {
  readonly plan: Plan;
  /** The first step. */
  readonly first: number;
  /** The step to end before. */
  readonly steps: number;
  readonly stepAt: (step: number) => PlanStep;
  readonly signal: AbortSignal | undefined;
  /** Takes what the steps of a chunk reported. */
  readonly take: (metrics: readonly StepMetrics[]) => void;
  /** Steps from one snapshot to the next. */
  readonly snapshotEvery?: number;
  /** Takes the snapshots. */
  readonly takeCheckpoint?: (snapshot: Snapshot) => Promise<void>;
}

function meansOf(
  batches: readonly BatchSums[],
  batchSize: number,
): { loss: number; accuracy: number } {
  let loss = 0;
  let correct = 0;
  for (const batch of batches) {
    loss += batch.loss;
    correct += batch.correct;
  }
  const samples = batches.length * batchSize;
  return { loss: loss / samples, accuracy: correct / samples };
}

/** Checks that the parts of a data set fit together. */
function checkDataset({ images, labels, count, height, width, classes }: ImageDataset): void {
  const what = "Cannot use a data set";
  for (const [name, value] of Object.entries({ count, height, width, classes })) {
    checkCount(what, name, value);
  }
  if (images.length !== count * height * width) {
    throw new RangeError(
      `${what} as images must be [count, height * width], ${count} x ${height * width} numbers: ` +
        `it has ${images.length}`,
    );
  }
  if (labels.length !== count) {
    throw new RangeError(
      `${what} as labels must be [count], ${count} numbers: it has ${labels.length}`,
    );
  }
  const image = labels.findIndex((label) => label >= classes);
  if (image >= 0) {
    throw new RangeError(
      `${what} as labels must be less than its classes, ${classes}: that of image ${image} is ` +
        `${labels[image]}`,
    );
  }
}

/** The images of a batch, those with the longest lists first: lanes side by side then finish together. */
function byLength(lists: PixelLists, images: Uint32Array): Uint32Array<ArrayBuffer> {
  let longest = 0;
  for (const image of images) longest = Math.max(longest, lists.lengthOf(image));
  // Places by how much shorter than the longest a list is; after the sums, where the next of them goes.
  const places = new Uint32Array(longest + 2);
  for (const image of images) places[longest - lists.lengthOf(image) + 1]!++;
  for (let i = 1; i < places.length; i++) places[i]! += places[i - 1]!;
  const sorted = new Uint32Array(images.length);
  for (const image of images) sorted[places[longest - lists.lengthOf(image)]!++] = image;
  return sorted;
}

function range(start: number, end: number): Uint32Array {
  const integers = new Uint32Array(end - start);
  for (let i = 0; i < integers.length; i++) integers[i] = start + i;
  return integers;
}
