/**
 * A page's worker: trains a network, and reads digits meanwhile. All work of the device is here, so that the
 * page always answers its visitor.
 *
 * @module
 */
import { Gpu, imageDataset } from "@galvani/snn";
import { type DatasetSplits, loadMnist } from "@galvani/snn/datasets";
import type { Digit, FailureCause, News, Order } from "./messages.ts";
import { CLASSES, PIXELS, SIDE } from "./messages.ts";
import { BATCH, Network, type Plan } from "./network.ts";

/** The files of MNIST, compressed. */
const MNIST_BYTES = 11_594_722;
/** A picture is shown so long at least: a fast GPU would be done before anybody sees it learn. */
const PICTURE_MILLISECONDS = 1000 / 60;
/** While it learns, a digit is read again so often. */
const READING_MILLISECONDS = 100;
/** After so many epochs it rests. */
const EPOCHS = 20;

/** Trains as its page wants it; `S` is what a visitor may choose. */
class Training<S> {
  readonly #planOf: (settings: S) => Plan;
  /** What the page wants. */
  #wanted: S | undefined;
  #isPaused = false;
  #digit: Digit | undefined;
  /** Is told when the page wants something else. */
  #change = Promise.withResolvers<void>();

  #data: DatasetSplits | undefined;
  /** What may read digits: before its first steps it would only compete with their kernels for the start. */
  #network: Network | undefined;
  /** Keeps the kernels that were compiled while the digits came, until others use them. */
  #warm: Network | undefined;
  #epochs = 0;
  #reading: Promise<void> | undefined;

  constructor(planOf: (settings: S) => Plan) {
    this.#planOf = planOf;
  }

  /** Does what the page asks for. */
  take(order: Order<S>): void {
    switch (order.kind) {
      case "start": {
        const isFirst = !this.#wanted;
        this.#wanted = order.settings;
        this.#isPaused = false;
        if (isFirst) this.#work();
        break;
      }
      case "pause":
      case "resume":
        this.#isPaused = order.kind === "pause";
        this.#tellState();
        break;
      case "read":
        this.#digit = order.digit;
        this.#readDigit();
        break;
      case "sample":
        if (this.#data) this.#sendSample(this.#data.test);
        break;
    }
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** Opens the device and loads the digits, both at once; then trains as the page wants it. */
  async #work(): Promise<void> {
    let cause: FailureCause = "adapter";
    try {
      if (!("gpu" in navigator)) cause = "webgpu";
      const opening = Gpu.request();
      const loading = loadMnist({
        directory: new URL("../mnist/", import.meta.url),
        onProgress: (bytes) =>
          this.#tell({ kind: "loading", share: Math.min(1, bytes / MNIST_BYTES) }),
      });
      loading.catch(() => {});
      const gpu = await opening;
      const isSoftware = gpu.preset.name === "software";
      this.#tell({ kind: "opened", adapter: gpu.name, isSoftware });
      cause = "training";
      this.#warm = await this.#warmUp(gpu, this.#wanted!);
      cause = "data";
      this.#data = await loading;
      cause = "training";
      for (;;) await this.#train(gpu, this.#data, this.#wanted!);
    } catch (error) {
      this.#fail(cause, error);
    }
  }

  /** Has the kernels of the training compiled, which takes about as long as the digits take to come. */
  async #warmUp(gpu: Gpu, settings: S): Promise<Network> {
    const network = await Network.compile(gpu, this.#planOf(settings));
    const blank = imageDataset(new Uint8Array(BATCH * PIXELS), {
      shape: [1, SIDE, SIDE],
      labels: new Uint8Array(BATCH),
      classes: CLASSES,
    });
    for await (const _ of network.trainer.steps(blank, { epochs: 1 }));
    return network;
  }

  /** Trains from new weights until other settings are wanted. */
  async #train(gpu: Gpu, data: DatasetSplits, settings: S): Promise<void> {
    const plan = this.#planOf(settings);
    const own = await Network.compile(gpu, plan);
    const isWanted = () => this.#wanted === settings;
    try {
      this.#epochs = 0;
      const first = await own.weights();
      this.#tell({ kind: "started", settings, weights: first }, [first.buffer]);
      this.#tellState();
      if (!isWanted()) return;
      let read = 0;
      let shown = performance.now();
      for await (const part of own.trainer.steps(data.train, { every: plan.stepsAPicture })) {
        this.#network = own;
        this.#warm?.dispose();
        this.#warm = undefined;
        const { epoch, step, steps, loss, accuracy } = part;
        // Nobody waits for the answer: it comes while the network learns on.
        if (performance.now() - read > READING_MILLISECONDS) {
          this.#readDigit();
          read = performance.now();
        }
        const weights = await own.weights();
        const digits = ((epoch - 1) * steps + step) * BATCH;
        const progress = { epoch, step, steps, digits, loss, accuracy, weights };
        this.#tell({ kind: "progress", progress }, [weights.buffer]);
        if (step === steps) await this.#test(own, data, epoch);
        await until(shown + PICTURE_MILLISECONDS);
        shown = performance.now();
        while (this.#isPaused && isWanted()) await this.#change.promise;
        if (!isWanted()) return;
      }
    } finally {
      this.#network = undefined;
      await this.#reading;
      own.dispose();
    }
  }

  /** Tests the network after an epoch; after many, it rests. */
  async #test(network: Network, data: DatasetSplits, epoch: number): Promise<void> {
    const tested = await network.test(data.test);
    this.#epochs = epoch;
    this.#tell({ kind: "tested", epoch, ...tested });
    if (epoch % EPOCHS === 0) this.#isPaused = true;
    this.#tellState();
  }

  /** Has the page's digit read. If it changes meanwhile, so will the next one be. */
  #readDigit(): void {
    this.#reading ??= this.#readLatest()
      .catch((error) => this.#fail("training", error))
      .finally(() => this.#reading = undefined);
  }

  async #readLatest(): Promise<void> {
    let read: Digit | undefined;
    while (this.#network && this.#digit && this.#digit !== read) {
      read = this.#digit;
      const answer = await this.#network.read(read);
      const hidden = answer.hidden.map(({ spikes }) => spikes.buffer);
      this.#tell(
        { kind: "answer", answer },
        [answer.spikes.buffer, answer.potentials.buffer, ...hidden],
      );
    }
  }

  /** Sends any digit of those that the network is tested with. */
  #sendSample(test: DatasetSplits["test"]): void {
    const { content, labels, count } = test;
    if (content.kind !== "bytes" || !labels) return;
    const index = Math.floor(Math.random() * count);
    const pixels = Uint8Array.from(content.data.subarray(index * PIXELS, (index + 1) * PIXELS));
    this.#tell({ kind: "sample", pixels, label: Number(labels[index]) });
  }

  #tellState(): void {
    this.#tell({ kind: "state", isTraining: !this.#isPaused, epochs: this.#epochs });
  }

  #fail(cause: FailureCause, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#tell({ kind: "failure", cause, message });
  }

  #tell(news: News<S>, transfer: Transferable[] = []): void {
    postMessage(news, { transfer });
  }
}

/**
 * Trains for the page that opened this worker.
 *
 * @param planOf The network that a visitor's choice asks for.
 */
export function trainForPage<S>(planOf: (settings: S) => Plan): void {
  const training = new Training(planOf);
  addEventListener("message", ({ data }: MessageEvent<Order<S>>) => training.take(data));
}

async function until(time: number): Promise<void> {
  const rest = time - performance.now();
  if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
}
