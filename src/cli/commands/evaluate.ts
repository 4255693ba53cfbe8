import { losses } from "../../losses/mod.ts";
import type { Command } from "../options/command.ts";
import {
  CHECKPOINT,
  DEVICE,
  type DeviceOptions,
  GPU,
  JSON_FILE,
  SAME_DATASET,
} from "../options/common_options.ts";
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
  /** The file that the results are written to as JSON. */
  readonly json?: string;
}

/** The command `evaluate`. */
export const EVALUATE: Command<EvaluateOptions> = {
  name: "evaluate",
  summary: "Test a trained network: accuracy, confusions, how its neurons fire",
  description:
    "Tests a trained network on the test pictures: its accuracy and loss, which labels " +
    "it takes for which, and how the neurons of each layer fire.",
  positionals: [CHECKPOINT],
  options: [SAME_DATASET, DEVICE, GPU, JSON_FILE],
  examples: [
    "logs/T100_b128_adam_lr0.001/checkpoint_max.safetensors",
    "net.safetensors --dataset-dir fashion --json evaluation.json",
  ],
};

/**
 * Tests a trained network and prints what it gave.
 *
 * @param options The command's options.
 */
export async function evaluate(options: EvaluateOptions): Promise<void> {
  const trained = await readCheckpoint(options.checkpoint);
  const { test } = await loadData(trained, options.datasetDir);
  using gpu = await openGpu(options);
  using model = await restoreModel(gpu, trained);
  console.error(`Testing on ${gpu.name}`);
  const evaluation = await model.evaluate(test, { loss: losses[trained.options.loss]!() });
  const { epoch } = trained.checkpoint.state;
  const classNames = classNamesOf(trained.options.dataset);
  console.log(evaluationText({ ...evaluation, classNames, epoch }, standardOutput()));
  if (options.json === undefined) return;
  const { loss, accuracy, confusion, answers, firing } = evaluation;
  const classes = Math.sqrt(confusion.length);
  await writeJson(options.json, {
    checkpoint: options.checkpoint,
    epoch,
    pictures: test.count,
    accuracy,
    loss,
    confusion: Array.from({ length: classes }, (_, label) => rowOf(confusion, label, classes)),
    firing: firing.map((layer) => ({ ...layer, neurons: layer.rates.length })),
    answers,
  });
}

const rowOf = (matrix: Uint32Array, row: number, columns: number) =>
  matrix.subarray(row * columns, (row + 1) * columns);
