import { join } from "node:path";
import type { Gpu } from "../../gpu/gpu.ts";
import { type Checkpoint, decodeCheckpoint } from "../../training/checkpoint.ts";
import { Trainer } from "../../training/trainer.ts";
import { linearWeights } from "./linear_weights.ts";
import { buildNetwork } from "./build_network.ts";
import type { TrainOptions } from "../options/options.ts";
import { RUN_FILES } from "../run/run_names.ts";
import { readFile } from "../run/read_file.ts";
import { checkSavedOptions } from "../options/saved_options.ts";
import { trainerOptions } from "./trainer_options.ts";

/** The size of a picture. */
export interface PictureSize {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/** A checkpoint of `train`. */
export interface TrainedNetwork {
  /** The file. */
  readonly path: string;
  /** What it holds. */
  readonly checkpoint: Checkpoint;
  /** Its options. */
  readonly options: TrainOptions;
  /** Pixels of a picture. */
  readonly pixels: number;
  /** Rows and columns of a picture; old checkpoints don't have them. */
  readonly size?: PictureSize;
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
  const weights = linearWeights(checkpoint.state.parameters);
  const [pixels, classes] = [weights[0]?.shape[1], weights.at(-1)?.shape[0]];
  if (!pixels || !classes) {
    throw new SyntaxError(`Cannot use the checkpoint "${path}" as it has no weights of layers`);
  }
  const size = pictureSize(checkpoint, pixels, path);
  return { path, checkpoint, options, pixels, classes, ...size ? { size } : {} };
}

/** The size of the pictures, `[1, height, width]`, if the checkpoint has it and it fits the weights. */
function pictureSize(
  { sampleShape }: Checkpoint,
  pixels: number,
  path: string,
): PictureSize | undefined {
  if (!sampleShape) return undefined;
  const [channels, height, width, ...others] = sampleShape;
  if (channels === 1 && others.length === 0 && height! * width! === pixels) {
    return { height: height!, width: width! };
  }
  throw new SyntaxError(
    `Cannot use the checkpoint "${path}" as its samples must be grey pictures of ${pixels} pixels, ` +
      `as its weights are: they are [${sampleShape.join(", ")}]`,
  );
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
 * @returns A trainer in the checkpoint's state. Whoever asked for it disposes of it.
 * @throws {SyntaxError} If the checkpoint's state isn't that of a network with its options.
 */
export async function restoreTrainer(gpu: Gpu, trained: TrainedNetwork): Promise<Trainer> {
  const { path, checkpoint, options, pixels, classes } = trained;
  const trainer = new Trainer(
    gpu,
    buildNetwork(options, { height: 1, width: pixels, classes }),
    trainerOptions(options),
  );
  try {
    await trainer.restore(checkpoint.state);
    return trainer;
  } catch (cause) {
    trainer.dispose();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`Cannot use the checkpoint "${path}": ${reason}`, { cause });
  }
}
