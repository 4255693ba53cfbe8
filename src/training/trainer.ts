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
}

/** What a set of images gave. */
export interface Evaluation {
  /** Mean loss. */
  readonly loss: number;
  /** Correctly classified images, 0 to 1. */
  readonly accuracy: number;
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
  /** Mean loss on the test images; NaN without any. */
  readonly testLoss: number;
  /** Accuracy on the test images, 0 to 1; NaN without any. */
  readonly testAccuracy: number;
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
  readonly #lists = new WeakMap<ImageDataset, PixelLists>();
  #plan: Promise<Plan> | undefined;
  /** Features of an image, once there is a plan. */
  #features = 0;
  #disposed = false;
  #epoch = 0;
  #step = 0;
  #chunk = 8;

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
    const plan = await this.#compile(train);
    const lists = this.#listsOf(train);
    if (options.test) this.#check(options.test);
    const steps = Math.floor(train.count / batchSize);
    for (let i = 0; i < options.epochs; i++) {
      const start = performance.now();
      const epoch = ++this.#epoch;
      const learningRate = checkFinite(
        "Cannot train",
        "the scheduler's learning rate",
        scheduler.rate(epoch - 1, optimizer.learningRate),
      );
      const order = new Random(seed, STREAM.order, epoch).permutation(
        train.count,
      );
      const sum = { loss: 0, correct: 0, samples: 0 };
      const stepAt = (step: number): PlanStep => ({
        key: hashAll(seed, STREAM.train, epoch, step),
        optimizer: optimizer.stepValues(++this.#step, learningRate),
        ...batchOf(
          lists,
          order.subarray(step * batchSize, (step + 1) * batchSize),
        ),
      });
      for await (const done of this.#run(plan, steps, stepAt, options.signal)) {
        for (const metrics of done) addMetrics(sum, metrics, batchSize);
        options.onProgress?.({
          epoch,
          step: sum.samples / batchSize,
          steps,
          loss: sum.loss / sum.samples,
          accuracy: sum.correct / sum.samples,
        });
      }
      if (sum.samples < steps * batchSize) return;
      const trained = performance.now();
      const test = options.test
        ? await this.#evaluate(options.test, options.signal)
        : { loss: NaN, accuracy: NaN };
      if (!test) return;
      yield {
        epoch,
        learningRate,
        trainLoss: sum.loss / sum.samples,
        trainAccuracy: sum.correct / sum.samples,
        testLoss: test.loss,
        testAccuracy: test.accuracy,
        imagesPerSecond: sum.samples / (trained - start) * 1000,
        seconds: (performance.now() - start) / 1000,
      };
      if (options.signal?.aborted) return;
    }
  }

  /**
   * Classifies images and compares with their labels. Nothing is learned.
   *
   * @param dataset The images.
   * @returns Mean loss and accuracy.
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
    const { batchSize, seed } = this.#options;
    const sum = { loss: 0, correct: 0, samples: 0 };
    const stepAt = (step: number): PlanStep => ({
      key: hashAll(seed, STREAM.test, step),
      ...batchOf(
        lists,
        range(
          step * batchSize,
          Math.min(dataset.count, (step + 1) * batchSize),
        ),
      ),
    });
    const steps = Math.ceil(dataset.count / batchSize);
    for await (const done of this.#run(plan, steps, stepAt, signal)) {
      for (const metrics of done) addMetrics(sum, metrics, batchSize);
    }
    if (sum.samples < steps * batchSize) return undefined;
    return {
      loss: sum.loss / dataset.count,
      accuracy: sum.correct / dataset.count,
    };
  }

  /**
   * How often each output neuron fires for one image.
   *
   * @param dataset The images.
   * @param index Which of them.
   * @returns Spikes per time step, 0 to 1, `[classes]`.
   * @throws {RangeError} If there is no such image, or it doesn't fit the network.
   * @throws {TypeError} If the network doesn't end in neurons, or the trainer or its GPU was disposed of.
   */
  async firingRates(
    dataset: ImageDataset,
    index: number,
  ): Promise<Float32Array<ArrayBuffer>> {
    if (!Number.isInteger(index) || index < 0 || index >= dataset.count) {
      throw new RangeError(
        `Cannot classify image ${index} as there are ${dataset.count}, from 0`,
      );
    }
    const plan = await this.#compile(dataset);
    const { features: classes } = plan.output;
    const key = hashAll(this.#options.seed, STREAM.test, index);
    plan.submit([{ key, lists: this.#listsOf(dataset), images: Uint32Array.of(index) }]);
    const counts = await plan.counts();
    return Float32Array.from(
      counts.subarray(0, classes),
      (n) => n / this.#options.timeSteps,
    );
  }

  /** Frees the buffers on the device. The trainer is of no use then. */
  dispose(): void {
    this.#disposed = true;
    this.#plan?.then((plan) => plan.dispose(), () => {});
    this.#plan = undefined;
  }

  /** Calls {@linkcode Trainer.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Runs steps in chunks, a chunk ahead of the one whose results are awaited. */
  async *#run(
    plan: Plan,
    steps: number,
    stepAt: (step: number) => PlanStep,
    signal?: AbortSignal,
  ): AsyncGenerator<StepMetrics[], void, void> {
    let next = 0;
    const submit = () => {
      if (next === steps || signal?.aborted) return undefined;
      this.#checkUsable();
      const size = Math.min(this.#chunk, plan.chunkSteps, steps - next);
      const chunk = Array.from({ length: size }, () => stepAt(next++));
      return { size, results: plan.run(chunk) };
    };
    // Results may come in pairs, as some drivers are asked for the first only when the second is done.
    let last = { time: performance.now(), size: 0 };
    let before = last;
    let running = submit();
    while (running) {
      const following = submit();
      const { results, size } = running;
      // The results of both are awaited, so none is left unhandled if the first fails.
      following?.results.catch(() => {});
      yield await results;
      const time = performance.now();
      const ideal = CHUNK_MILLISECONDS * (last.size + size) / (time - before.time);
      this.#chunk = Math.max(1, Math.round(Math.min(ideal, 2 * size)));
      before = last;
      last = { time, size };
      running = following;
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
    if (this.#plan && features !== this.#features) {
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
    });
    const random = new Random(this.#options.seed, STREAM.weights);
    network.layers.forEach((layer, i) => {
      const values = layer.initialParameters?.(random);
      if (values) this.#gpu.write(plan.parameters[i]!.values, values);
    });
    return plan;
  }
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
function batchOf(lists: PixelLists, images: Uint32Array): Pick<PlanStep, "lists" | "images"> {
  const byLength = images.toSorted((a, b) => lists.lengthOf(b) - lists.lengthOf(a));
  return { lists, images: byLength };
}

function range(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - start }, (_, i) => start + i);
}

function addMetrics(
  sum: { loss: number; correct: number; samples: number },
  metrics: StepMetrics,
  samples: number,
): void {
  sum.loss += metrics.loss;
  sum.correct += metrics.correct;
  sum.samples += samples;
}
