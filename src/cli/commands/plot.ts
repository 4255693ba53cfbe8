import type { Command } from "../options/command.ts";
import { DEVICE, type DeviceOptions, GPU, SAME_DATASET } from "../options/common_options.ts";
import { readRunCheckpoint, restoreModel } from "../network/load_checkpoint.ts";
import { loadData } from "../network/load_data.ts";
import { openGpu } from "../device/open_gpu.ts";
import { RUN_FILES } from "../run/run_file_names.ts";
import { readMetrics } from "../run/run_metrics.ts";
import { alarmsOf } from "../../training/alarms.ts";
import { alarmText } from "../text/alarm_text.ts";
import { writeRunPlots } from "../run/run_plots.ts";

/** The options of `plot`. */
export interface PlotOptions extends DeviceOptions {
  /** The run's folder. */
  readonly folder: string;
  /** A folder with IDX files; the data set of the training without one. */
  readonly datasetDir?: string;
}

/** The command `plot`. */
export const PLOT: Command<PlotOptions> = {
  name: "plot",
  summary: "Make the plots and the report of a run again",
  description: "Makes the plots and report.html of a run again, from its metrics and its best " +
    "checkpoint, or the latest if there is no best one yet.",
  positionals: [{
    field: "folder",
    name: "RUN_DIR",
    help: "The folder of a run, such as logs/T100_b128_adam_lr0.001",
  }],
  options: [SAME_DATASET, DEVICE, GPU],
  examples: [
    "logs/T100_b128_adam_lr0.001",
    "logs/T100_b128_adam_lr0.001 --device software",
  ],
};

/**
 * Makes the plots of a run and prints the names of their files.
 *
 * @param options The command's options.
 */
export async function plot({ folder, ...options }: PlotOptions): Promise<void> {
  const trained = await readRunCheckpoint(folder);
  const epochs = await readMetrics(folder);
  if (epochs.length === 0) {
    throw new Error(
      `Cannot plot "${folder}" as no epoch is finished: ${RUN_FILES.metrics} is missing or empty`,
    );
  }
  const data = await loadData(trained, options.datasetDir);
  using gpu = await openGpu(options);
  using model = await restoreModel(gpu, trained);
  console.error(`Plotting on ${gpu.name}`);
  const evaluation = await model.evaluate(data.test, { count: true });
  const paths = await writeRunPlots(folder, {
    options: trained.options,
    epochs,
    adapter: gpu.name,
    data,
    parameters: trained.checkpoint.state.parameters,
    recording: await model.record(data.test.take([0])),
    evaluation,
    alarms: alarmsOf({ firing: evaluation.firing }).map(alarmText),
  });
  console.log(paths.join("\n"));
}
