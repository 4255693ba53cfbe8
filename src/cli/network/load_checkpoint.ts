import { join } from "node:path";
import { formatShape, type Shape } from "../../core/shape.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { Model } from "../../model/model.ts";
import { type Checkpoint, decodeCheckpoint } from "../../training/checkpoint.ts";
import { layerWeights } from "./layer_weights.ts";
import { buildNetwork } from "./build_network.ts";
import { declaredTensors } from "./declared_tensors.ts";
import { NotationError } from "./notation.ts";
import type { TrainOptions } from "../options/options.ts";
import { readFile } from "../run/read_file.ts";
import { RUN_FILES } from "../run/run_file_names.ts";
import { checkSavedOptions } from "../options/saved_options.ts";
import { modelOptions } from "./trainer_options.ts";

/** A checkpoint of `train`. */
export interface TrainedNetwork {
  /** The file. */
  readonly path: string;
  /** What it holds. */
  readonly checkpoint: Checkpoint;
  /** Its options. */
  readonly options: TrainOptions;
  /** What a picture has. */
  readonly input: Shape;
  /** How many classes the network tells apart. */
  readonly classes: number;
}

/**
 * Reads a checkpoint of `train`.
 *
 * @param path The file.
 * @returns What it holds; its options are checked.
 * @throws {SyntaxError} If the file is damaged or holds something else.
 */
export async function readCheckpoint(path: string): Promise<TrainedNetwork> {
  const checkpoint = decodeCheckpoint(await readFile(path), { name: path });
  const options = checkSavedOptions(checkpoint.options, path);
  const weights = layerWeights(checkpoint.state.parameters, 2);
  const [pixels, classes] = [weights[0]?.shape[1], weights.at(-1)?.shape[0]];
  if (!pixels || !classes) {
    throw new SyntaxError(`Cannot use the checkpoint "${path}" as it has no weights of layers`);
  }
  const input = checkpoint.model?.input ?? shapeOf(pixels);
  const takesAll = options.network === undefined;
  if (![1, 3].includes(input.length) || takesAll && input.reduce((a, b) => a * b, 1) !== pixels) {
    throw new SyntaxError(
      `Cannot use the checkpoint "${path}" as its network takes no pictures of ${pixels} pixels`,
    );
  }
  const trained = { path, checkpoint, options, input, classes };
  checkWeights(trained);
  return trained;
}

/** Options that say another network would ask for its memory before anybody sees that they are wrong. */
function checkWeights(trained: TrainedNetwork): void {
  const { path, checkpoint, input } = trained;
  for (const [name, needed] of declaredTensors(networkOf(trained), input)) {
    const shape = checkpoint.state.parameters.get(name)?.shape;
    if (shape && formatShape(shape) === formatShape(needed)) continue;
    throw new SyntaxError(
      `Cannot use the checkpoint "${path}" as its options need weights "${name}" of ` +
        `${formatShape(needed)}: ${shape ? `they are ${formatShape(shape)}` : "there are none"}`,
    );
  }
}

/** Builds the network that the options of a checkpoint describe. */
function networkOf({ path, options, input, classes }: Omit<TrainedNetwork, "checkpoint">) {
  try {
    return buildNetwork(options, { shape: input, classes });
  } catch (error) {
    if (!(error instanceof NotationError)) throw error;
    throw new SyntaxError(`Cannot use the checkpoint "${path}" as ${error.reason}`, {
      cause: error,
    });
  }
}

/** Files of version 0.1 don't say what their pictures had: most were squares. */
function shapeOf(pixels: number): Shape {
  const side = Math.sqrt(pixels);
  return Number.isInteger(side) ? [1, side, side] : [1, 1, pixels];
}

/**
 * Reads the best checkpoint of a run, else its latest.
 *
 * @param folder The run's folder.
 * @returns What it holds.
 * @throws {Error} If there is neither.
 * @throws {SyntaxError} If it is damaged.
 */
export async function readRunCheckpoint(folder: string): Promise<TrainedNetwork> {
  for (const name of [RUN_FILES.best, RUN_FILES.latest]) {
    try {
      return await readCheckpoint(join(folder, name));
    } catch (error) {
      if (!(error instanceof Error && error.cause instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(
    `Cannot find a checkpoint in "${folder}": it has neither ${RUN_FILES.best} nor ` +
      RUN_FILES.latest,
  );
}

/**
 * Prepares the network of a checkpoint for work.
 *
 * @param gpu Where it runs.
 * @param trained The checkpoint.
 * @returns A model with the checkpoint's parameters. Whoever asked for it disposes of it.
 * @throws {SyntaxError} If the checkpoint's parameters aren't those of a network with its options.
 */
export async function restoreModel(gpu: Gpu, trained: TrainedNetwork): Promise<Model> {
  const { path, checkpoint, options, input } = trained;
  const model = await Model.compile(gpu, networkOf(trained), modelOptions(options, input));
  try {
    model.load(checkpoint.state.parameters);
    return model;
  } catch (cause) {
    model.dispose();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`Cannot use the checkpoint "${path}": ${reason}`, { cause });
  }
}
