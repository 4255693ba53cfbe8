import type { ImageDataset } from "../datasets/image_dataset.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Gpu } from "../gpu/gpu.ts";
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
  /** Training images a second, the test pass left out. */
  readonly imagesPerSecond: number;
  /** Seconds that the epoch took, with its test pass. */
  readonly seconds: number;
}

/** Streams of random numbers, so that none repeats another. */
const STREAM = { weights: 1, order: 2, train: 3, test: 4 } as const;

/** A submit should keep the device busy for about this long, so that waiting for it costs little. */
const CHUNK_MILLISECONDS = 400;
/**
 * What is on its way to the device should keep it busy for at least this long: results may come tens of
 * milliseconds late.
 */
const AHEAD_MILLISECONDS = 50;

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
  /** Steps of the next chunk. */
  #chunk = 8;
  /** Chunks on their way to the device. */
  #running = 0;
  /** When the results of the last two chunks came, and their steps. */
  #arrivals: readonly [Arrival, Arrival] = [START, START];
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
   * @throws {DivergedError} If the loss is no number, or a parameter isn't at the end of an epoch or
   * where a checkpoint is due.
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
      // Submitted before the last results are awaited: the device has no pause.
      let after: { learned: Promise<Snapshot>; test: Promise<Evaluation | undefined> } | undefined;
      const goOn = () => {
        const learned = takeSnapshot(plan, this.#updates);
        const test = options.test
          ? this.#evaluate(options.test, options.signal)
          : Promise.resolve(undefined);
        for (const promise of [learned, test]) promise.catch(() => {});
        return after = { learned, test };
      };
      const pass = {
        plan,
        first: before,
        steps,
        stepAt,
        signal: options.signal,
        snapshotEvery: onCheckpoint ? checkpointEvery : Infinity,
        onSubmitted: goOn,
      };
      for await (const { metrics, snapshot } of this.#run(pass)) {
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
        const rate = (step - before) * batchSize / (performance.now() - start) * 1000;
        options.onProgress?.({ epoch, step, steps, loss, accuracy, imagesPerSecond: rate });
        if (snapshot && step < steps) await onCheckpoint?.(this.#stateOf(await snapshot));
      }
      if (this.#batches.length < steps) return;
      const trained = performance.now();
      const { learned, test: testing } = after ?? goOn();
      this.#checkLearned(await learned);
      const test = await testing;
      if (options.test && !test) return;
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
    if (plan) return this.#stateOf(await takeSnapshot(plan, this.#updates));
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
    return (await this.#evaluate(dataset))!;
  }

  /** Nothing if the signal ended it. */
  async #evaluate(dataset: ImageDataset, signal?: AbortSignal): Promise<Evaluation | undefined> {
    const plan = await this.#compile(dataset);
    const lists = this.#listsOf(dataset);
    const { batchSize, seed, timeSteps } = this.#options;
    const steps = Math.ceil(dataset.count / batchSize);
    const imagesOf = (step: number) =>
      byLength(lists, range(step * batchSize, Math.min(dataset.count, (step + 1) * batchSize)));
    const stepAt = (step: number): PlanStep => ({
      key: hashAll(seed, STREAM.test, step),
      lists,
      images: imagesOf(step),
    });
    for (const { spikeSums } of plan.neurons) {
      this.#gpu.write(spikeSums, new Uint32Array(spikeSums.size / 4));
    }
    const answers = new Uint32Array(dataset.count);
    const sum = { loss: 0, correct: 0 };
    let done = 0;
    for await (const { metrics } of this.#run({ plan, first: 0, steps, stepAt, signal })) {
      for (const { loss, correct, answers: own } of metrics) {
        sum.loss += loss;
        sum.correct += correct;
        imagesOf(done++).forEach((image, i) => answers[image] = own[i]!);
      }
    }
    if (done < steps) return undefined;
    const firing = await Promise.all(plan.neurons.map(async (neurons) => {
      const sums = new Uint32Array(await this.#gpu.read(neurons.spikeSums));
      return layerFiring(
        neurons,
        sums.subarray(0, neurons.output.features),
        dataset.count * timeSteps,
      );
    }));
    return {
      loss: sum.loss / dataset.count,
      accuracy: sum.correct / dataset.count,
      answers,
      confusion: confusionOf(dataset.labels, answers, plan.result.features),
      firing,
    };
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

  /** Runs steps in chunks, some ahead of the one whose results are awaited. */
  async *#run(
    { plan, first, steps, stepAt, signal, snapshotEvery = Infinity, onSubmitted }: Pass,
  ): AsyncGenerator<Chunk, void, void> {
    let next = first;
    const submit = () => {
      this.#checkUsable();
      const toSnapshot = snapshotEvery - next % snapshotEvery;
      const size = Math.min(this.#chunk, plan.chunkSteps, steps - next, toSnapshot);
      const chunk = Array.from({ length: size }, () => stepAt(next++));
      const results = plan.run(chunk);
      // Submitted before the next chunk, so it is the state after this one.
      const snapshot = size === toSnapshot ? takeSnapshot(plan, this.#updates) : undefined;
      for (const promise of [results, snapshot]) promise?.catch(() => {});
      if (next === steps) onSubmitted?.();
      return { size, results, snapshot };
    };
    if (this.#running === 0) {
      const now = { time: performance.now(), size: 0 };
      this.#arrivals = [now, now];
    }
    const running: ReturnType<typeof submit>[] = [];
    let stepMilliseconds = Infinity;
    try {
      do {
        const ahead = () => running.reduce((sum, { size }) => sum + size, 0) * stepMilliseconds;
        while (
          next < steps && !signal?.aborted && (running.length < 2 || ahead() < AHEAD_MILLISECONDS)
        ) {
          running.push(submit());
          this.#running++;
        }
        if (running.length === 0) return;
        const { results, size, snapshot } = running[0]!;
        const metrics = await results;
        running.shift();
        this.#running--;
        yield { metrics, snapshot };
        // Results may come in pairs, as some drivers are asked for the first only when the second is done.
        const [before, last] = this.#arrivals;
        const arrival = { time: performance.now(), size };
        this.#arrivals = [last, arrival];
        stepMilliseconds = (arrival.time - before.time) / (last.size + size);
        const ideal = CHUNK_MILLISECONDS / stepMilliseconds;
        this.#chunk = Math.max(1, Math.round(Math.min(ideal, 2 * size)));
      } while (true);
    } finally {
      this.#running -= running.length;
    }
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
  /** Steps from one snapshot to the next. */
  readonly snapshotEvery?: number;
  /** Is called when the last step was submitted. */
  readonly onSubmitted?: () => void;
}

/** Results that came. */
interface Arrival {
  readonly time: number;
  /** Steps that they are of. */
  readonly size: number;
}

const START: Arrival = { time: 0, size: 0 };

/** What a chunk of steps gave. */
interface Chunk {
  readonly metrics: readonly StepMetrics[];
  /** The parameters after its last step, where they were asked for. */
  readonly snapshot: Promise<Snapshot> | undefined;
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
  return images.toSorted((a, b) => lists.lengthOf(b) - lists.lengthOf(a));
}

function range(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - start }, (_, i) => start + i);
}
