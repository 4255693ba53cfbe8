import { encodeSafetensors } from "../../formats/safetensors.ts";
import { decodeCheckpoint } from "../../training/checkpoint.ts";
import type { Command } from "../options/command.ts";
import { CHECKPOINT } from "../options/common_options.ts";
import { writeWhole } from "../run/files.ts";
import { readFile } from "../run/read_file.ts";
import { UsageError } from "../usage_error.ts";

/** The options of `export`. */
export interface ExportOptions {
  /** The checkpoint. */
  readonly checkpoint: string;
  /** The file to write. */
  readonly file: string;
}

/** The command `export`. */
export const EXPORT: Command<ExportOptions> = {
  name: "export",
  summary: "Write a trained network's weights alone, for other programs",
  description: "Writes the weights of a trained network, under PyTorch's names such as " +
    "layer.1.weight, and nothing else: no state of the optimizer, no options.",
  positionals: [
    CHECKPOINT,
    { field: "file", name: "FILE", help: "The file to write; it ends in .safetensors" },
  ],
  options: [],
  examples: [
    "logs/T100_b128_adam_lr0.001/checkpoint_max.safetensors mnist.safetensors",
    "checkpoint_latest.safetensors /tmp/weights.safetensors",
  ],
};

/**
 * Writes a network's weights to a file.
 *
 * @param options The command's options.
 */
export async function exportWeights({ checkpoint, file }: ExportOptions): Promise<void> {
  if (!file.endsWith(".safetensors")) {
    throw new UsageError(
      `argument FILE must end in .safetensors: given ${JSON.stringify(file)}`,
    );
  }
  const { state } = decodeCheckpoint(await readFile(checkpoint), { name: checkpoint });
  await writeWhole(file, encodeSafetensors(state.parameters));
  for (const [name, { shape }] of state.parameters) console.log(`${name} [${shape.join(", ")}]`);
  console.error(`Written to ${file}`);
}
