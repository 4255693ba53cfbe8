import type { BatchStep } from "../../core/feed.ts";
import type { Layer } from "../../core/layer.ts";
import { Source } from "../../core/source.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import { type Encoders, encoders } from "../../encoders/mod.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { Flatten } from "../../layers/flatten.ts";
import { Linear } from "../../layers/linear/linear.ts";
import { Sequential } from "../../layers/sequential.ts";
import { rateMse } from "../../losses/mod.ts";
import { Model } from "../../model/model.ts";
import { LifNode } from "../../neurons/lif_node.ts";
import { Adam } from "../../optimizers/adam.ts";
import type { Program } from "../../program/program.ts";
import { type RoundOptions, timeRounds } from "./rounds.ts";

/** How a network is trained. */
export interface StepSize {
  /** How images become signals. */
  readonly encoder: keyof Encoders;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Images of a batch. */
  readonly batchSize: number;
  /** Which implementations may be chosen; all by default. */
  readonly variants?: "auto" | "plain";
}

/** A network that is trained: Linear layers, each followed by LIF neurons. */
export interface NetworkSize extends StepSize {
  /** Neurons of each layer after the images. */
  readonly layers: readonly number[];
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

/** A network that is ready to train. Whoever asked for it disposes of it. */
export interface NetworkStep extends Disposable {
  /** The compiled network, its weights drawn. */
  readonly program: Program;
  /** How many steps a submit can have. */
  readonly chunkSteps: number;
  /**
   * Makes training steps, batch after batch of the images.
   *
   * @param count How many.
   * @returns The steps.
   */
  steps(count: number): BatchStep[];
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
 * Compiles a network of Linear layers and its training step. As in the tutorial a network of one layer
 * has no bias.
 *
 * @param gpu Where it will run.
 * @param size The network.
 * @param data The images.
 * @returns The network, ready to train.
 */
export function compileNetworkStep(
  gpu: Gpu,
  size: NetworkSize,
  data: Dataset,
): Promise<NetworkStep> {
  const features = featuresOf(data);
  const bias = size.layers.length > 1;
  const layers: Layer[] = size.layers.flatMap((outputs, i) => [
    new Linear(size.layers[i - 1] ?? features, outputs, { bias }),
    new LifNode(),
  ]);
  return compileStep(gpu, new Sequential([new Flatten(), ...layers]), size, data);
}

/**
 * Compiles a network and its training step: mean squared error of the rates, Adam.
 *
 * @param gpu Where it will run.
 * @param network The network.
 * @param size How it is trained.
 * @param data The images.
 * @returns The network, ready to train.
 */
export async function compileStep(
  gpu: Gpu,
  network: Layer,
  { encoder, timeSteps, batchSize, variants = "auto" }: StepSize,
  data: Dataset,
): Promise<NetworkStep> {
  const optimizer = new Adam();
  const model = await Model.compile(gpu, network, {
    input: data.shape,
    encoder: encoders[encoder](),
    timeSteps,
    batchSize,
    variants,
  });
  const { content } = data;
  const program = await model.core.compileProgram(
    {
      content: content.kind,
      ...content.kind === "floats" && content.timeSteps ? { timeSteps: content.timeSteps } : {},
    },
    { mode: "train", loss: rateMse(), optimizer },
  );
  const source = new Source(data);
  await program.open(source);
  const batches = Math.floor(data.count / batchSize);
  let next = 0;
  const step = (): BatchStep => {
    const first = next++ % batches * batchSize;
    const samples = Uint32Array.from({ length: batchSize }, (_, i) => first + i);
    return {
      key: next,
      update: optimizer.stepValues(next, optimizer.learningRate),
      source,
      samples: program.order(source, samples),
    };
  };
  return {
    program,
    chunkSteps: program.stepsOf(source),
    steps: (count) => Array.from({ length: count }, step),
    [Symbol.dispose]() {
      program.dispose();
      model.dispose();
    },
  };
}

/**
 * Features of a data set's samples.
 *
 * @param data The data set.
 * @returns How many numbers a sample has.
 */
export function featuresOf({ shape }: Pick<Dataset, "shape">): number {
  return shape.reduce((product, size) => product * size, 1);
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
  { program, chunkSteps, steps }: NetworkStep,
  options: RoundOptions,
): Promise<number[]> {
  return timeRounds(async (count) => {
    for (let left = count; left > chunkSteps; left -= chunkSteps) {
      program.submit(steps(chunkSteps));
    }
    await program.run(steps((count - 1) % chunkSteps + 1));
  }, options);
}
