/** Options that several commands have. */

import type { DeviceChoice } from "../../gpu/adapter_options.ts";
import type { Positional } from "./command.ts";
import type { Option, OptionRow } from "./option.ts";

/** Which adapter a command runs on. */
export interface DeviceOptions {
  /** Which kind of adapter. */
  readonly device: DeviceChoice;
  /** Part of the adapter's name. */
  readonly gpu?: string;
}

/** Which kind of adapter. */
export const DEVICE = {
  field: "device",
  names: ["device"],
  kind: { type: "choice", choices: ["auto", "gpu", "software"] satisfies readonly DeviceChoice[] },
  fallback: "auto",
  help: "Adapter: auto takes hardware if there is any",
} as const satisfies OptionRow;

/** Part of the adapter's name. */
export const GPU = {
  field: "gpu",
  names: ["gpu"],
  kind: { type: "text", placeholder: "NAME" },
  help: "Part of the adapter's name, where there are several",
} as const satisfies OptionRow;

/** The folder of a data set. */
export const DATASET_DIR = {
  field: "datasetDir",
  names: ["dataset-dir"],
  kind: { type: "text", placeholder: "DIR" },
  help: "Folder with four IDX files, plain or .gz, or with those of a data set of events",
} as const satisfies OptionRow;

/** The file that results are written to. */
export const JSON_FILE: Option<{ readonly json?: string }> = {
  field: "json",
  names: ["json"],
  kind: { type: "text", placeholder: "FILE" },
  help: "Write the results to a file as JSON, too",
};

/** The data set of a command that takes a checkpoint. */
export const SAME_DATASET: Option<{ readonly datasetDir?: string }> = {
  ...DATASET_DIR,
  fallback: { text: "that of the training", of: () => undefined },
};

/** The checkpoint that a command reads. */
export const CHECKPOINT: Positional<{ readonly checkpoint: string }> = {
  field: "checkpoint",
  name: "CHECKPOINT",
  help: "A checkpoint of train, such as checkpoint_max.safetensors in a run's folder",
};
