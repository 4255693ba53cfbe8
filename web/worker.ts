/**
 * Trains the network, and reads digits meanwhile. All work of the device is here, so that the page
 * always answers its visitor.
 *
 * @module
 */
import { Gpu, imageDataset } from "@galvani/snn";
import { type DatasetSplits, loadMnist } from "@galvani/snn/datasets";
import type { Digit, FailureCause, News, Order, Settings } from "./messages.ts";
import { CLASSES, PIXELS, SIDE } from "./messages.ts";
import { BATCH, Network } from "./network.ts";

/** The files of MNIST, compressed. */
const MNIST_BYTES = 11_594_722;
/** Training steps from one picture of the weights to the next. */
const STEPS_A_PICTURE = 8;
/** A picture is shown so long at least: a fast GPU would be done before anybody sees it learn. */
const PICTURE_MILLISECONDS = 1000 / 60;
/** While it learns, a digit is read again so often. */
const READING_MILLISECONDS = 100;
/** After so many epochs it rests. */
const EPOCHS = 20;

/** What the page wants. */
let wanted: Settings | undefined;
let isPaused = false;
let digit: Digit | undefined;
/** Is told when the page wants something else. */
let change = Promise.withResolvers<void>();

let data: DatasetSplits | undefined;
/** What may read digits: before its first steps it would only compete with their kernels for the start. */
let network: Network | undefined;
/** Keeps the kernels that were compiled while the digits came, until others use them. */
let warm: Network | undefined;
let epochs = 0;
let reading: Promise<void> | undefined;

function tell(news: News, transfer: Transferable[] = []): void {
  postMessage(news, { transfer });
}

function fail(cause: FailureCause, error: unknown): void {
  tell({ kind: "failure", cause, message: error instanceof Error ? error.message : String(error) });
}

/** Opens the device and loads the digits, both at once; then trains as the page wants it. */
async function work(): Promise<void> {
  let cause: FailureCause = "adapter";
  try {
    if (!("gpu" in navigator)) cause = "webgpu";
    const opening = Gpu.request();
    const loading = loadMnist({
      directory: new URL("mnist/", import.meta.url),
      onProgress: (bytes) => tell({ kind: "loading", share: Math.min(1, bytes / MNIST_BYTES) }),
    });
    loading.catch(() => {});
    const gpu = await opening;
    tell({ kind: "opened", adapter: gpu.name, isSoftware: gpu.preset.name === "software" });
    cause = "training";
    warm = await warmUp(gpu, wanted!);
    cause = "data";
    data = await loading;
    cause = "training";
    for (;;) await train(gpu, data, wanted!);
  } catch (error) {
    fail(cause, error);
  }
}

/** Has the kernels of the training compiled, which takes about as long as the digits take to come. */
async function warmUp(gpu: Gpu, settings: Settings): Promise<Network> {
  const network = await Network.compile(gpu, settings);
  const blank = imageDataset(new Uint8Array(BATCH * PIXELS), {
    shape: [1, SIDE, SIDE],
    labels: new Uint8Array(BATCH),
    classes: CLASSES,
  });
  for await (const _ of network.trainer.steps(blank, { epochs: 1 }));
  return network;
}

/** Trains from new weights until other settings are wanted. */
async function train(gpu: Gpu, data: DatasetSplits, settings: Settings): Promise<void> {
  const own = await Network.compile(gpu, settings);
  try {
    epochs = 0;
    const first = await own.weights();
    tell({ kind: "started", weights: first }, [first.buffer]);
    tellState();
    if (wanted !== settings) return;
    let read = 0;
    let shown = performance.now();
    for await (const part of own.trainer.steps(data.train, { every: STEPS_A_PICTURE })) {
      network = own;
      warm?.dispose();
      warm = undefined;
      const { epoch, step, steps, loss, accuracy } = part;
      // Nobody waits for the answer: it comes while the network learns on.
      if (performance.now() - read > READING_MILLISECONDS) {
        readDigit();
        read = performance.now();
      }
      const weights = await own.weights();
      const digits = ((epoch - 1) * steps + step) * BATCH;
      const progress = { epoch, step, steps, digits, loss, accuracy, weights };
      tell({ kind: "progress", progress }, [weights.buffer]);
      if (step === steps) await test(own, data, epoch);
      await until(shown + PICTURE_MILLISECONDS);
      shown = performance.now();
      while (isPaused && wanted === settings) await change.promise;
      if (wanted !== settings) return;
    }
  } finally {
    network = undefined;
    await reading;
    own.dispose();
  }
}

/** Tests the network after an epoch; after many, it rests. */
async function test(network: Network, data: DatasetSplits, epoch: number): Promise<void> {
  const { accuracy } = await network.model.evaluate(data.test);
  epochs = epoch;
  tell({ kind: "tested", epoch, accuracy });
  if (epoch % EPOCHS === 0) isPaused = true;
  tellState();
}

const tellState = () => tell({ kind: "state", isTraining: !isPaused, epochs });

async function until(time: number): Promise<void> {
  const rest = time - performance.now();
  if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
}

/** Has the page's digit read. If it changes meanwhile, so will the next one be. */
function readDigit(): Promise<void> {
  return reading ??= readLatest()
    .catch((error) => fail("training", error))
    .finally(() => reading = undefined);
}

async function readLatest(): Promise<void> {
  let read: Digit | undefined;
  while (network && digit && digit !== read) {
    read = digit;
    const answer = await network.read(read);
    tell({ kind: "answer", answer }, [answer.spikes.buffer, answer.potentials.buffer]);
  }
}

/** Sends any digit of those that the network is tested with. */
function sendSample(test: DatasetSplits["test"]): void {
  const { content, labels, count } = test;
  if (content.kind !== "bytes" || !labels) return;
  const index = Math.floor(Math.random() * count);
  const pixels = Uint8Array.from(content.data.subarray(index * PIXELS, (index + 1) * PIXELS));
  tell({ kind: "sample", pixels, label: Number(labels[index]) });
}

addEventListener("message", ({ data: order }: MessageEvent<Order>) => {
  switch (order.kind) {
    case "start": {
      const isFirst = !wanted;
      wanted = order.settings;
      isPaused = false;
      if (isFirst) work();
      break;
    }
    case "pause":
    case "resume":
      isPaused = order.kind === "pause";
      tellState();
      break;
    case "read":
      digit = order.digit;
      readDigit();
      break;
    case "sample":
      if (data) sendSample(data.test);
      break;
  }
  change.resolve();
  change = Promise.withResolvers();
});
