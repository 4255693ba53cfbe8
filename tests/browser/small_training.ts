/**
 * A training of two small networks that runs anywhere, and what it gave, to the bit.
 *
 * @module
 */
import {
  Adam,
  DirectEncoder,
  Gpu,
  type GpuOptions,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
} from "../../mod.ts";
import type { Encoder } from "../../src/extend.ts";
import { imageDataset } from "../../src/datasets/make.ts";

/** What a training gave. */
export interface Outcome {
  /** What each epoch reported. */
  readonly epochs: readonly Readonly<Record<string, readonly number[]>>[];
  /** SHA-256 of each parameter, and of what the optimizer keeps of it. */
  readonly tensors: Readonly<Record<string, string>>;
  /** The class that the trained network predicts for a sample. */
  readonly answer: number;
}

/** What it ran on, and what each network's training gave. */
export interface Outcomes {
  /** How kernels were cut. */
  readonly preset: Gpu["preset"];
  /** By the network's name. */
  readonly networks: Readonly<Record<string, Outcome>>;
}

/** The networks: spikes from the encoder alone, and between layers. */
const NETWORKS: Record<string, () => { layers: Sequential; encoder: Encoder; timeSteps: number }> =
  {
    "784-10": () => ({
      layers: new Sequential([new Linear(784, 10, { bias: false }), new LifNode({ tau: 2 })]),
      encoder: new PoissonEncoder(),
      timeSteps: 20,
    }),
    "784-24-10": () => ({
      layers: new Sequential([
        new Linear(784, 24),
        new LifNode({ tau: 2 }),
        new Linear(24, 10),
        new LifNode({ tau: 2 }),
      ]),
      encoder: new DirectEncoder(),
      timeSteps: 8,
    }),
  };

/** Bytes that are the same everywhere; three of four are 0, as in pictures of digits. */
function bytes(count: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 30 === 0 ? (state >>> 16) & 255 : 0;
  });
}

async function hash({ buffer, byteOffset, byteLength }: ArrayBufferView): Promise<string> {
  const copy = new Uint8Array(buffer, byteOffset, byteLength).slice();
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", copy));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Trains each network for an epoch.
 *
 * @param options Which adapter.
 * @returns What came out.
 */
export async function trainSmall(options: GpuOptions = {}): Promise<Outcomes> {
  const gpu = await Gpu.request(options);
  try {
    return { preset: gpu.preset, networks: await trainEach(gpu) };
  } finally {
    // Not by `using`, which not every engine knows that has WebGPU.
    gpu.dispose();
  }
}

/** Trains each network; what it holds of the device goes with the device. */
async function trainEach(gpu: Gpu): Promise<Outcomes["networks"]> {
  const count = 160;
  const labels = Array.from({ length: count }, (_, sample) => sample % 10);
  const all = imageDataset(bytes(count * 784), { shape: [784], labels });
  const [train, test] = [all.slice(0, 128), all.slice(128)];
  const networks: Record<string, Outcome> = {};
  for (const [name, network] of Object.entries(NETWORKS)) {
    const { layers, encoder, timeSteps } = network();
    const compile = { input: train.shape, encoder, timeSteps, batchSize: 32, seed: 1 };
    const model = await Model.compile(gpu, layers, compile);
    const trainer = new Trainer(model, {
      loss: rateMse(),
      optimizer: new Adam({ learningRate: 1e-2 }),
    });
    const epochs = [];
    for await (const report of trainer.fit(train, { epochs: 1, test })) {
      const { trainLoss, testLoss, batchAccuracies } = report;
      const { answers, firing } = report.test!;
      epochs.push({
        losses: [trainLoss, testLoss],
        batches: [...batchAccuracies],
        answers: [...answers],
        firing: firing.flatMap(({ meanRate, silent }) => [meanRate, silent]),
      });
    }
    const { parameters, optimizer } = await trainer.state();
    const tensors: Record<string, string> = {};
    for (const [key, { data }] of [...parameters, ...optimizer]) tensors[key] = await hash(data);
    const [prediction] = await model.predict(test.take([0]));
    networks[name] = { epochs, tensors, answer: prediction!.answer };
  }
  return networks;
}
