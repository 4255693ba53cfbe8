import type { ImageDataset } from "../../datasets/image_dataset.ts";
import { type Encoders, encoders } from "../../encoders/mod.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import type { Dispatch } from "../../gpu/kernel.ts";
import type { Layer } from "../../layers/layer.ts";
import { Linear } from "../../layers/linear.ts";
import { rateMse } from "../../losses/mod.ts";
import { Plan, type PlanStep } from "../../network/plan.ts";
import { activePixels } from "../../network/pixel_lists.ts";
import { Sequential } from "../../network/sequential.ts";
import { LifNode } from "../../neurons/lif_node.ts";
import { Adam } from "../../optimizers/adam.ts";
import { Random } from "../../signal/random.ts";
import { RecordingEncoder } from "./recording_encoder.ts";
import { type RoundOptions, timeRounds } from "./rounds.ts";

/** A network that is trained: Linear layers, each followed by LIF neurons. */
export interface NetworkSize {
  /** Neurons of each layer after the images. */
  readonly layers: readonly number[];
  /** How images become signals. */
  readonly encoder: keyof Encoders;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Images of a batch. */
  readonly batchSize: number;
}

/** The network of SpikingJelly's MNIST tutorial: 784-10, T 100, batch 128. */
export const TUTORIAL: NetworkSize = {
  layers: [10],
  encoder: "poisson",
  timeSteps: 100,
  batchSize: 128,
};

/** 784-800-10 on the images themselves, T 8, batch 128. */
export const TWO_LAYERS: NetworkSize = {
  layers: [800, 10],
  encoder: "direct",
  timeSteps: 8,
  batchSize: 128,
};

/** A network that is ready to train. */
export interface NetworkStep {
  /** The compiled network, its weights drawn. Whoever asked for it disposes of it. */
  readonly plan: Plan;
  /** What runs in a training step. */
  readonly dispatches: readonly Dispatch[];
  /**
   * Makes training steps, batch after batch of the images.
   *
   * @param count How many.
   * @returns The steps.
   */
  steps(count: number): PlanStep[];
}

/**
 * What a network is called: its layers, encoder, T and batch size.
 *
 * @param size The network.
 * @param features Features of an image.
 * @returns The name, such as "784-10 poisson, T 100, batch 128".
 */
export function networkName(size: NetworkSize, features: number): string {
  const { layers, encoder, timeSteps, batchSize } = size;
  return `${[features, ...layers].join("-")} ${encoder}, T ${timeSteps}, batch ${batchSize}`;
}

/**
 * Compiles a network and its training step: mean squared error of the rates, Adam. As in the tutorial
 * a network of one layer has no bias.
 *
 * @param gpu Where it will run.
 * @param size The network.
 * @param data The images.
 * @returns The network, ready to train.
 */
export async function compileNetworkStep(
  gpu: Gpu,
  size: NetworkSize,
  data: ImageDataset,
): Promise<NetworkStep> {
  const { batchSize, timeSteps } = size;
  const features = data.height * data.width;
  const bias = size.layers.length > 1;
  const layers: Layer[] = size.layers.flatMap((outputs, i) => [
    new Linear(size.layers[i - 1] ?? features, outputs, { bias }),
    new LifNode(),
  ]);
  const encoder = new RecordingEncoder(encoders[size.encoder]());
  const optimizer = new Adam();
  const plan = await Plan.compile(gpu, {
    network: new Sequential(layers),
    encoder,
    loss: rateMse(),
    optimizer,
    timeSteps,
    batchSize,
    features,
  });
  const random = new Random(1);
  layers.forEach((layer, i) => {
    const values = layer.initialParameters?.(random);
    if (values) gpu.write(plan.parameters[i]!.values, values);
  });
  const lists = activePixels(data);
  const batches = Math.floor(data.count / batchSize);
  let next = 0;
  const step = (): PlanStep => {
    const first = next++ % batches * batchSize;
    return {
      key: next,
      optimizer: optimizer.stepValues(next, optimizer.learningRate),
      lists,
      images: Uint32Array.from({ length: batchSize }, (_, i) => first + i)
        .sort((a, b) => lists.lengthOf(b) - lists.lengthOf(a)),
    };
  };
  return {
    plan,
    dispatches: encoder.dispatches,
    steps: (count) => Array.from({ length: count }, step),
  };
}

/**
 * Times training steps as a training runs them: many are on their way to the device, and the program
 * waits for the last only.
 *
 * @param step The network.
 * @param options How long and how often.
 * @returns Milliseconds of a step: a number for each round.
 */
export function timeSteps(
  { plan, steps }: NetworkStep,
  options: RoundOptions,
): Promise<number[]> {
  return timeRounds(async (count) => {
    for (let left = count; left > plan.chunkSteps; left -= plan.chunkSteps) {
      plan.submit(steps(plan.chunkSteps));
    }
    await plan.run(steps((count - 1) % plan.chunkSteps + 1));
  }, options);
}
