import { encodedShape } from "../../core/encoder.ts";
import { encodeSafetensors } from "../../formats/safetensors.ts";
import { encoderFromJson, layerFromJson } from "../../model/from_json.ts";
import { encodeNir, toNir } from "../../nir/mod.ts";
import { type Checkpoint, decodeCheckpoint } from "../../training/checkpoint.ts";
import type { Command } from "../options/command.ts";
import { CHECKPOINT } from "../options/common_options.ts";
import { DT, FIRES, isNirFile, type NirMeaning } from "../options/nir_options.ts";
import { writeWhole } from "../run/files.ts";
import { readFile } from "../run/read_file.ts";
import { nirText } from "../text/nir_text.ts";
import { UsageError } from "../usage_error.ts";

/** The options of `export`. */
export interface ExportOptions extends NirMeaning {
  /** The checkpoint. */
  readonly checkpoint: string;
  /** Seconds of a time step. */
  readonly dt: number;
}

/** The command `export`. */
export const EXPORT: Command<ExportOptions> = {
  name: "export",
  summary: "Write a trained network for other programs: its weights, or NIR",
  description:
    "Writes a trained network for other programs. A file that ends in .safetensors gets " +
    "its weights, under PyTorch's names such as layer.1.weight, and nothing else: no state of the " +
    "optimizer, no options. One that ends in .nir gets the network, its neurons too, as NIR, " +
    "which SpikingJelly, snnTorch and Norse read.",
  positionals: [
    CHECKPOINT,
    { field: "file", name: "FILE", help: "The file to write; it ends in .safetensors or .nir" },
  ],
  options: [DT, FIRES],
  examples: [
    "logs/T100_b128_adam_lr0.001/checkpoint_max.safetensors mnist.safetensors",
    "checkpoint_latest.safetensors /tmp/net.nir --dt 0.001 --fires at",
  ],
};

/**
 * Writes a network or its weights to a file.
 *
 * @param options The command's options.
 */
export async function exportNetwork(options: ExportOptions): Promise<void> {
  const { checkpoint: path, file } = options;
  const isNir = isNirFile(file);
  if (!isNir && !file.endsWith(".safetensors")) {
    throw new UsageError(
      `argument FILE must end in .safetensors or .nir: given ${JSON.stringify(file)}`,
    );
  }
  const checkpoint = decodeCheckpoint(await readFile(path), { name: path });
  if (isNir) await writeNir(checkpoint, options);
  else {
    const { parameters } = checkpoint.state;
    await writeWhole(file, encodeSafetensors(parameters));
    for (const [name, { shape }] of parameters) console.log(`${name} [${shape.join(", ")}]`);
  }
  console.error(`Written to ${file}`);
}

async function writeNir({ model, state }: Checkpoint, options: ExportOptions): Promise<void> {
  const { checkpoint, file, dt, fires } = options;
  if (!model) {
    throw new SyntaxError(
      `Cannot export "${checkpoint}" as NIR as it doesn't describe its network: it is of version ` +
        "0.1; train with --resume writes it anew",
    );
  }
  const input = encodedShape(encoderFromJson(model.encoder), model.input);
  const graph = toNir(layerFromJson(model.network), state.parameters, { input, dt, fires });
  await writeWhole(file, encodeNir(graph));
  console.log(nirText(graph, { dt, fires }));
}
