import type { DecodeOptions } from "../formats/decode_options.ts";
import { FormatError } from "../formats/format_error.ts";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.ts";
import type { ModelJson } from "../model/model_options.ts";
import type { BatchSums, TrainerState } from "./trainer_state.ts";

/** All that a training goes on from, and what it was. */
export interface Checkpoint {
  /** The state of its trainer. */
  readonly state: TrainerState;
  /** The options it was started with: what the program that wrote it needs to build the network. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * What makes its model again: `model.toJSON()`. Nothing in files of version 0.1, whose networks follow from
   * their options.
   */
  readonly model?: ModelJson;
  /** The best epoch so far; nothing before the first. */
  readonly best?: BestEpoch;
  /** The shape of a sample, channels first, such as `[1, 28, 28]`; old checkpoints have none. */
  readonly sampleShape?: readonly number[];
}

/** The epoch with the highest accuracy on the test images. */
export interface BestEpoch {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Its accuracy on the test images, 0 to 1. */
  readonly testAccuracy: number;
}

/** What tells a checkpoint from other safetensors files, and one layout from another. */
const FORMAT = "galvani checkpoint 2";
/** The layout of version 0.1, which is the same without a model. */
const FORMATS = ["galvani checkpoint 1", FORMAT];

/**
 * Encodes a checkpoint as one safetensors file.
 *
 * Its tensors are the parameters under PyTorch's names and nothing else, so that other programs load
 * the file as a state dict. All other is in its metadata: `state`, `options` and `model` as JSON, and what the
 * optimizer keeps as a safetensors file of its own, in base64.
 *
 * @example
 * ```ts ignore
 * await Deno.writeFile("run.safetensors", encodeCheckpoint({
 *   state: await trainer.state(), model: model.toJSON(), options: {},
 * }));
 * // Later:
 * const { state, model: json } = decodeCheckpoint(await Deno.readFile("run.safetensors"));
 * using again = await Model.fromJson(gpu, json!);
 * again.load(state.parameters);
 * ```
 *
 * @param checkpoint The checkpoint.
 * @returns The bytes of the file.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { state, options, model, best } = checkpoint;
  const { epoch, step, updates, batches, parameters, optimizer } = state;
  return encodeSafetensors(parameters, {
    format: FORMAT,
    state: JSON.stringify({
      epoch,
      step,
      updates,
      batches: batches.map(({ loss, correct }) => [loss, correct]),
      ...best ? { best } : {},
    }),
    options: JSON.stringify(options),
    ...model ? { model: JSON.stringify(model) } : {},
    optimizer: encodeSafetensors(optimizer).toBase64(),
  });
}

/**
 * Decodes a checkpoint.
 *
 * @param bytes The bytes of the file.
 * @param options Its name, for messages.
 * @returns The checkpoint.
 * @throws {FormatError} If the bytes are no checkpoint, or a damaged one.
 */
export function decodeCheckpoint(bytes: Uint8Array, options: DecodeOptions = {}): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, options);
  const fail = (reason: string, cause?: unknown): never => {
    throw new FormatError(reason, {
      ...options,
      format: "a checkpoint",
      offset: 8,
      ...cause === undefined ? {} : { cause },
    });
  };
  if (!FORMATS.includes(metadata["format"] ?? "")) {
    fail(
      `its metadata must name the format "${FORMAT}": it has ${JSON.stringify(metadata["format"])}`,
    );
  }
  const jsonOf = (key: string): unknown => {
    try {
      return JSON.parse(metadata[key] ?? "");
    } catch (cause) {
      return fail(`"${key}" of its metadata is no JSON`, cause);
    }
  };
  const recordOf = (key: string): Record<string, unknown> => {
    const value = jsonOf(key);
    if (!isRecord(value)) return fail(`"${key}" of its metadata is no object`);
    return value;
  };
  const { epoch, step, updates, batches, best } = recordOf("state");
  const count = (name: string, value: unknown): number =>
    Number.isSafeInteger(value) && value as number >= 0
      ? value as number
      : fail(`"${name}" of its state must be an integer of at least 0: it is ${value}`);
  if (!Array.isArray(batches) || !batches.every(isPair) || batches.length !== step) {
    fail(`"batches" of its state must be a pair of numbers for each of ${step} steps`);
  }
  if (best !== undefined && !isBest(best)) fail(`"best" of its state is no epoch and accuracy`);
  const sampleShape = metadata["sample"] === undefined ? undefined : jsonOf("sample");
  if (sampleShape !== undefined && !isShape(sampleShape)) {
    return fail(`"sample" of its metadata is no list of integers above 0`);
  }
  let optimizer: TrainerState["optimizer"];
  try {
    ({ tensors: optimizer } = decodeSafetensors(
      Uint8Array.fromBase64(metadata["optimizer"] ?? ""),
    ));
  } catch (cause) {
    return fail(`"optimizer" of its metadata is no safetensors file in base64`, cause);
  }
  return {
    state: {
      epoch: count("epoch", epoch),
      step: count("step", step),
      updates: count("updates", updates),
      batches: (batches as [number, number][]).map(([loss, correct]): BatchSums => ({
        loss,
        correct,
      })),
      parameters: tensors,
      optimizer,
    },
    options: recordOf("options"),
    ...metadata["model"] === undefined ? {} : { model: modelOf(recordOf("model"), fail) },
    ...best === undefined ? {} : { best: best as BestEpoch },
    ...sampleShape ? { sampleShape } : {},
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 &&
  value.every((size) => Number.isSafeInteger(size) && size > 0);

const isBest = (value: unknown): value is BestEpoch =>
  isRecord(value) && Number.isSafeInteger(value["epoch"]) && Number.isFinite(value["testAccuracy"]);

/** Checks what can be checked of a model before it is made. */
function modelOf(
  model: Record<string, unknown>,
  fail: (reason: string) => never,
): ModelJson {
  const { input, encoder, network, timeSteps } = model;
  const isShape = Array.isArray(input) && input.length > 0 &&
    input.every((size) => Number.isSafeInteger(size) && size >= 1);
  if (!isShape || !isRecord(encoder) || !isRecord(network) || !Number.isSafeInteger(timeSteps)) {
    return fail(`"model" of its metadata is no model`);
  }
  return model as unknown as ModelJson;
}
