import { losses } from "../../losses/mod.ts";
import { type EnergyCosts, energyOf, HOROWITZ_2014 } from "../../model/energy.ts";
import { checkAtLeast } from "../../validate.ts";
import type { Command } from "../options/command.ts";
import {
  CHECKPOINT,
  DEVICE,
  type DeviceOptions,
  GPU,
  JSON_FILE,
  SAME_DATASET,
} from "../options/common_options.ts";
import type { Option } from "../options/option.ts";
import { energyText } from "../text/energy_text.ts";
import { evaluationText } from "../text/evaluation_text.ts";
import { classNamesOf } from "../network/datasets.ts";
import { readCheckpoint, restoreModel } from "../network/load_checkpoint.ts";
import { loadData } from "../network/load_data.ts";
import { openGpu } from "../device/open_gpu.ts";
import { standardOutput } from "../text/terminal.ts";
import { writeJson } from "../run/write_json.ts";

/** The options of `evaluate`. */
export interface EvaluateOptions extends DeviceOptions {
  /** The checkpoint. */
  readonly checkpoint: string;
  /** A folder with IDX files; the data set of the training without one. */
  readonly datasetDir?: string;
  /** Whether operations are counted, and what they take. */
  readonly energy: boolean;
  /** A file with what operations cost. */
  readonly costs?: string;
  /** The file that the results are written to as JSON. */
  readonly json?: string;
}

/** Whether operations are counted. */
const ENERGY: Option<EvaluateOptions> = {
  field: "energy",
  names: ["energy"],
  kind: { type: "flag" },
  help: "Count operations, and compare their energy with that of the same network without spikes",
};

/** What operations cost. */
const COSTS: Option<EvaluateOptions> = {
  field: "costs",
  names: ["costs"],
  kind: { type: "text", placeholder: "FILE" },
  fallback: { text: HOROWITZ_2014.name, of: () => undefined },
  help: "JSON file of what operations cost, in picojoules; with --energy",
  check: ({ energy }, given) => given.has("costs") && !energy ? "needs --energy" : undefined,
};

/** The command `evaluate`. */
export const EVALUATE: Command<EvaluateOptions> = {
  name: "evaluate",
  summary: "Test a trained network: accuracy, confusions, how its neurons fire",
  description:
    "Tests a trained network on the test pictures: its accuracy and loss, which labels " +
    "it takes for which, and how the neurons of each layer fire.",
  positionals: [CHECKPOINT],
  options: [SAME_DATASET, DEVICE, GPU, ENERGY, COSTS, JSON_FILE],
  examples: [
    "logs/T100_b128_adam_lr0.001/checkpoint_max.safetensors",
    "net.safetensors --energy",
    "net.safetensors --dataset-dir fashion --json evaluation.json",
  ],
};

/**
 * Tests a trained network and prints what it gave.
 *
 * @param options The command's options.
 */
export async function evaluate(options: EvaluateOptions): Promise<void> {
  const costs = options.costs === undefined ? HOROWITZ_2014 : await readCosts(options.costs);
  const trained = await readCheckpoint(options.checkpoint);
  const { test } = await loadData(trained, options.datasetDir);
  using gpu = await openGpu(options);
  using model = await restoreModel(gpu, trained);
  console.error(`Testing on ${gpu.name}`);
  const evaluation = await model.evaluate(test, {
    loss: losses[trained.options.loss]!(),
    count: options.energy,
  });
  const { epoch } = trained.checkpoint.state;
  const classNames = classNamesOf(trained.options.dataset);
  console.log(evaluationText({ ...evaluation, classNames, epoch }, standardOutput()));
  const { loss, accuracy, confusion, answers, firing, counts } = evaluation;
  const energy = counts && energyOf(counts, costs);
  if (energy) console.log(`\n${energyText(counts, energy)}`);
  if (options.json === undefined) return;
  const classes = Math.sqrt(confusion.length);
  await writeJson(options.json, {
    checkpoint: options.checkpoint,
    epoch,
    pictures: test.count,
    accuracy,
    loss,
    confusion: Array.from({ length: classes }, (_, label) => rowOf(confusion, label, classes)),
    firing: firing.map((layer) => ({ ...layer, neurons: layer.rates.length })),
    ...energy ? { counts, energy } : {},
    answers,
  });
}

/** Reads what operations cost. */
async function readCosts(path: string): Promise<EnergyCosts> {
  const read = async () => ({ name: path, ...JSON.parse(await Deno.readTextFile(path)) });
  const costs = await read().catch((cause) => {
    throw new Error(`Cannot read "${path}": ${cause.message}`, { cause });
  });
  for (const [name, value] of Object.entries(costs)) {
    if (!(name in HOROWITZ_2014)) {
      throw new SyntaxError(
        `Cannot read "${path}" as "${name}" is no cost: they are ` +
          Object.keys(HOROWITZ_2014).join(", "),
      );
    }
    if (name !== "name") checkAtLeast(`Cannot read "${path}"`, name, value as number, 0);
  }
  return { ...HOROWITZ_2014, ...costs };
}

const rowOf = (matrix: Uint32Array, row: number, columns: number) =>
  matrix.subarray(row * columns, (row + 1) * columns);
