import { join } from "node:path";
import { encodedShape } from "../../core/encoder.ts";
import type { Layer, LayerJson } from "../../core/layer.ts";
import { formatShape, type Shape } from "../../core/shape.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { encoders } from "../../encoders/mod.ts";
import { declaredTensors } from "../../model/declared_tensors.ts";
import { layerFromJson } from "../../model/from_json.ts";
import { Model } from "../../model/model.ts";
import { type Checkpoint, decodeCheckpoint } from "../../training/checkpoint.ts";
import { layerWeights } from "./layer_weights.ts";
import { buildNetwork } from "./build_network.ts";
import { NotationError } from "./notation.ts";
import type { TrainOptions } from "../options/options.ts";
import { readFile } from "../run/read_file.ts";
import { RUN_FILES } from "../run/run_file_names.ts";
import { isNirFile } from "../options/nir_options.ts";
import { checkSavedOptions } from "../options/saved_options.ts";
import { modelOptions } from "./trainer_options.ts";

/** A checkpoint of `train` or `import`. */
export interface TrainedNetwork {
  /** The file. */
  readonly path: string;
  /** What it holds. */
  readonly checkpoint: Checkpoint;
  /** Its options. */
  readonly options: TrainOptions;
  /** Its network. */
  readonly network: Layer;
  /** What a picture has. */
  readonly input: Shape;
  /** How many classes the network tells apart. */
  readonly classes: number;
}

/**
 * Reads a checkpoint.
 *
 * @param path The file.
 * @returns What it holds; its options are checked.
 * @throws {SyntaxError} If the file is damaged or holds something else.
 */
export async function readCheckpoint(path: string): Promise<TrainedNetwork> {
  const checkpoint = decodeCheckpoint(await readFile(path), { name: path });
  const options = checkSavedOptions(checkpoint.options, path);
  const fail = (reason: string, cause?: unknown) =>
    new SyntaxError(`Cannot use the checkpoint "${path}" as ${reason}`, { cause });
  const { model } = checkpoint;
  const [input, network] = model
    ? [model.input, layerOf(model.network, fail)]
    : networkOf(checkpoint, options, fail);
  if (![1, 3].includes(input.length)) {
    throw fail(
      `its network takes ${
        formatShape(input)
      }: samples have channels, or channels, height and width`,
    );
  }
  const encoded = encodedShape(encoders[options.encoder](), input);
  checkWeights(network, encoded, checkpoint, fail);
  const classes = network.outputShape(encoded).reduce((product, size) => product * size, 1);
  if (model && !isNirFile(options.network)) {
    const described = describedNetwork(options, { shape: input, classes }, fail);
    if (JSON.stringify(described.toJSON()) !== JSON.stringify(network.toJSON())) {
      throw fail("its options describe another network than it has");
    }
  }
  return { path, checkpoint, options, network, input, classes };
}

/** Makes the error that says why a checkpoint can't be used. */
type Fail = (reason: string, cause?: unknown) => SyntaxError;

function layerOf(json: LayerJson, fail: Fail): Layer {
  try {
    return layerFromJson(json);
  } catch (error) {
    throw fail(`its network can't be made: ${messageOf(error)}`, error);
  }
}

/** A network that asks for more than the file has would get its memory before anybody sees that it is wrong. */
function checkWeights(network: Layer, input: Shape, { state }: Checkpoint, fail: Fail): void {
  let declared: Map<string, Shape>;
  try {
    declared = declaredTensors(network, input);
  } catch (error) {
    throw fail(`its layers don't fit together: ${messageOf(error)}`, error);
  }
  for (const [name, needed] of declared) {
    const shape = state.parameters.get(name)?.shape;
    if (shape && formatShape(shape) === formatShape(needed)) continue;
    throw fail(
      `its network needs weights "${name}" of ${formatShape(needed)}: ` +
        (shape ? `they are ${formatShape(shape)}` : "there are none"),
    );
  }
}

/** Files of version 0.1 don't describe their network: it follows from their options and weights. */
function networkOf({ state }: Checkpoint, options: TrainOptions, fail: Fail): [Shape, Layer] {
  const weights = layerWeights(state.parameters, 2);
  const [pixels, classes] = [weights[0]?.shape[1], weights.at(-1)?.shape[0]];
  if (!pixels || !classes) throw fail("it has no weights of layers");
  const shape = pictureShape(pixels);
  return [shape, describedNetwork(options, { shape, classes }, fail)];
}

/** The network that the options describe. */
function describedNetwork(
  options: TrainOptions,
  pictures: { readonly shape: Shape; readonly classes: number },
  fail: Fail,
): Layer {
  try {
    return buildNetwork(options, pictures);
  } catch (error) {
    if (error instanceof NotationError) throw fail(error.reason, error);
    throw error;
  }
}

const messageOf = (error: unknown) => error instanceof Error ? error.message : String(error);

/**
 * The shape of pictures of which only the number of pixels is known: most are squares.
 *
 * @param pixels Their pixels.
 * @returns Channels, height and width.
 */
export function pictureShape(pixels: number): Shape {
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
  const { path, checkpoint, options, network, input } = trained;
  const model = await Model.compile(gpu, network, modelOptions(options, input));
  try {
    model.load(checkpoint.state.parameters);
    return model;
  } catch (cause) {
    model.dispose();
    throw new SyntaxError(`Cannot use the checkpoint "${path}": ${messageOf(cause)}`, { cause });
  }
}
