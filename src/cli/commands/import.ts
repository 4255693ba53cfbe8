import { basename, resolve } from "node:path";
import { encodedShape } from "../../core/encoder.ts";
import type { Shape } from "../../core/shape.ts";
import { encoders } from "../../encoders/mod.ts";
import { decodeSafetensors } from "../../formats/safetensors.ts";
import type { Tensor } from "../../formats/tensor.ts";
import { Flatten } from "../../layers/flatten.ts";
import { Sequential } from "../../layers/sequential.ts";
import { matchParameters } from "../../model/match_parameters.ts";
import { decodeNir, fromNir, type NirSoftReset } from "../../nir/mod.ts";
import { encodeCheckpoint } from "../../training/checkpoint.ts";
import { buildNetwork } from "../network/build_network.ts";
import { endsInSpikes } from "../network/ends_in_spikes.ts";
import { pictureShape } from "../network/load_checkpoint.ts";
import { loadPictures } from "../network/load_data.ts";
import { checkSnnTorch, SNNTORCH_CONSTANTS } from "../network/snntorch_constants.ts";
import type { Command } from "../options/command.ts";
import { FILE_DECIDES } from "../options/network.ts";
import { DT, FEEDBACK_BIAS, FIRES, isNirFile, type NirReading } from "../options/nir_options.ts";
import { wordOf } from "../options/option.ts";
import { OPTIONS, type TrainOptions } from "../options/options.ts";
import { defaultOf } from "../options/parse.ts";
import { savedOptions } from "../options/saved_options.ts";
import { writeWhole } from "../run/files.ts";
import { readFile } from "../run/read_file.ts";
import { hint } from "../text/command_line.ts";
import { nirText } from "../text/nir_text.ts";
import { UsageError } from "../usage_error.ts";

/** The options of `import`: those of `train` that its checkpoint keeps, too. */
export interface ImportOptions extends TrainOptions, NirReading {
  /** The checkpoint to write. */
  readonly checkpoint: string;
  /** Parts of names in the order of the network's layers. */
  readonly order?: string;
}

/** What another folder doesn't change, such as the adapter, isn't for a checkpoint to say. */
const KEPT = OPTIONS.filter(({ field, inFolder }) =>
  inFolder !== "never" || field === "datasetDir"
);

/** The command `import`. */
export const IMPORT: Command<ImportOptions> = {
  name: "import",
  summary: "Make a checkpoint of NIR or of weights of PyTorch",
  description:
    "Makes a checkpoint that evaluate, classify and train --resume take. A file that ends in .nir has " +
    "the network; options say how its numbers are meant, and for how long it runs. One that ends in " +
    ".safetensors, a state dict of PyTorch, has weights only: options say which network they are " +
    "of, as for train.",
  positionals: [
    { field: "file", name: "FILE", help: "The file to read; it ends in .nir or .safetensors" },
    { field: "checkpoint", name: "CHECKPOINT", help: "The checkpoint to write" },
  ],
  options: [
    {
      ...DT,
      fallback: { text: "what the file says, or 0.0001", of: () => undefined },
      help: "Seconds of a time step of the program that wrote the file",
    },
    FIRES,
    FEEDBACK_BIAS,
    {
      field: "order",
      names: ["order"],
      kind: { type: "text", placeholder: "NAMES" },
      help:
        "Parts of a state dict's names in the network's order, such as embed,blocks, where weights of " +
        "the same shapes have names that don't say it",
      check: ({ file }: NirReading) => isNirFile(file) ? "is for files of weights" : undefined,
    },
    ...KEPT,
  ],
  examples: [
    "net.nir net.safetensors --fires at --encoder direct -T 8",
    "mnist.safetensors net.safetensors --tau 2 -T 100",
    "weights.safetensors net.safetensors --hidden 800 --encoder direct -T 8",
  ],
};

/** A network of a file. */
interface Imported {
  readonly network: Sequential;
  /** What a picture has. */
  readonly input: Shape;
  readonly parameters: ReadonlyMap<string, Tensor>;
}

/**
 * Makes a checkpoint of another program's network.
 *
 * @param options The command's options.
 * @param given Those that were given.
 */
export async function importNetwork(
  options: ImportOptions,
  given: ReadonlySet<keyof ImportOptions>,
): Promise<void> {
  const { file, checkpoint, encoder, timeSteps, seed } = options;
  if (!isNirFile(file) && !file.endsWith(".safetensors")) {
    throw new UsageError(
      `argument FILE must end in .nir or .safetensors: given ${JSON.stringify(file)}`,
    );
  }
  const { network, input, parameters } = isNirFile(file)
    ? await readNir(options, given)
    : await readStateDict(options);
  const readsValues = !endsInSpikes(network) && !given.has("loss");
  const saved = {
    ...savedOptions(trainOptions(options)),
    ...isNirFile(file) ? { network: basename(file), softReset: false, resetDelay: false } : {},
    ...readsValues ? { loss: "crossEntropy" } : {},
  };
  const model = {
    input,
    encoder: encoders[encoder]().toJSON(),
    timeSteps,
    readout: "mean" as const,
    seed,
    network: network.toJSON(),
  };
  const state = { epoch: 0, step: 0, updates: 0, batches: [], parameters, optimizer: new Map() };
  await writeWhole(checkpoint, encodeCheckpoint({ state, options: saved, model }));
  const rows = [
    ["test it", hint("evaluate", checkpoint)],
    ["train on", hint("train", "--resume", checkpoint)],
  ];
  console.error(`Written to ${checkpoint}`);
  console.error(rows.map(([what, how]) => `${what!.padEnd(14)}${how}`).join("\n"));
}

/** The options of a training: what isn't among the command's is as it is by default. */
function trainOptions(options: ImportOptions): TrainOptions {
  const values = OPTIONS.map((option) => {
    const value = KEPT.includes(option) ? options[option.field] : defaultOf(option, options);
    return [option.field, value];
  });
  const { datasetDir } = options;
  return {
    ...Object.fromEntries(values),
    ...datasetDir === undefined ? {} : { datasetDir: resolve(datasetDir) },
  };
}

/** What decides about a network, but isn't in a NIR file: how its neurons reset. */
const OF_NIR: readonly (keyof ImportOptions)[] = ["softReset", "resetDelay"];

async function readNir(
  { file, dt, fires, feedbackBias, ...options }: ImportOptions,
  given: ReadonlySet<keyof ImportOptions>,
): Promise<Imported> {
  const wrong = KEPT.find(({ field }) =>
    given.has(field) && FILE_DECIDES.includes(field) && !OF_NIR.includes(field)
  );
  if (wrong) {
    throw new UsageError(
      `option ${
        wordOf(OPTIONS, wrong.field)
      } goes with a FILE that ends in .safetensors: NIR says it`,
    );
  }
  const graph = await decodeNir(await readFile(file), { name: file });
  const softReset: NirSoftReset = options.resetDelay ? "delayed" : options.softReset;
  const meant = { fires, feedbackBias, softReset, ...dt === undefined ? {} : { dt } };
  const read = fromNir(graph, { ...meant, name: file });
  console.log(nirText(graph, { dt: read.dt, fires }));
  for (const note of read.notes) console.log(`Note: ${note}`);
  const { network, input, parameters } = read;
  if (input.length === 3) return { network, input, parameters };
  if (input.length !== 1) {
    throw new SyntaxError(
      `Cannot import "${file}" as it takes [${
        input.join(", ")
      }]: pictures have channels, height and width`,
    );
  }
  // Data sets of the command are pictures: they become the vectors that the network takes.
  return {
    network: new Sequential([new Flatten(), ...network.layers]),
    input: pictureShape(input[0]!),
    parameters: new Map(
      Array.from(parameters, ([name, tensor]) => [nextLayer(name), tensor]),
    ),
  };
}

/** The name of a layer's tensor, one layer further on. */
const nextLayer = (name: string) =>
  name.replace(/^layer\.(\d+)/, (_, index) => `layer.${Number(index) + 1}`);

async function readStateDict(options: ImportOptions): Promise<Imported> {
  const { file, order } = options;
  const { tensors } = decodeSafetensors(await readFile(file), { name: file });
  const { test } = await loadPictures(options);
  const { shape: input, classes } = test;
  const network = buildNetwork(options, { shape: input, classes });
  const encoded = encodedShape(encoders[options.encoder](), input);
  const { parameters, names, constants } = matchParameters(network, encoded, tensors, {
    name: JSON.stringify(file),
    constants: SNNTORCH_CONSTANTS,
    ...order === undefined ? {} : { order: order.split(",") },
  });
  let notes: string[];
  try {
    notes = checkSnnTorch(network, constants);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SyntaxError(`Cannot import "${file}" as ${error.message}`, { cause: error });
  }
  for (const [own, name] of names) {
    const from = own === name ? "" : `, which is ${name} there`;
    console.log(`${own} [${parameters.get(own)!.shape.join(", ")}]${from}`);
  }
  for (const note of notes) console.log(`Note: ${note}`);
  return { network, input, parameters };
}
