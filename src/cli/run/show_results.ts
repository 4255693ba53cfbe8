import { join, resolve } from "node:path";
import type { Gpu } from "../../gpu/gpu.ts";
import { align } from "../../text/align.ts";
import { readRunCheckpoint } from "../network/load_checkpoint.ts";
import { hint } from "../text/call.ts";
import { shellWord } from "../text/shell_word.ts";
import { RUN_FILES } from "./run_names.ts";
import { writeRunPlots } from "./run_plots.ts";
import type { Training } from "./train_epochs.ts";

/**
 * Plots what the best network of a run does, and says where everything is. The trainer is of no use then.
 *
 * @param gpu What it was trained on.
 * @param training The training.
 */
export async function showResults(gpu: Gpu, training: Training): Promise<void> {
  const { trainer, data, options, files } = training;
  const { folder, metrics } = files;
  const { path, checkpoint } = await readRunCheckpoint(folder);
  await trainer.restore(checkpoint.state);
  const recording = await trainer.record(data.test, 0);
  const { layers, scores } = recording;
  if (layers.length > 0) {
    const rates = Array.from(scores, (rate) => rate.toFixed(2));
    console.log(`Firing rates of the first test picture: [${rates.join(" ")}]`);
  }
  await files.writeRecording(recording, options.timeSteps);
  const evaluation = await trainer.evaluate(data.test);
  // What takes the most memory makes room for what draws the plots.
  trainer.dispose();
  (data.train.images.buffer as ArrayBuffer).transfer(0);
  const paths = await writeRunPlots(folder, {
    options,
    epochs: metrics,
    adapter: gpu.name,
    data,
    parameters: checkpoint.state.parameters,
    recording,
    evaluation,
  });
  const [best, latest, logs] = [path, join(folder, RUN_FILES.latest), options.logDir]
    .map((path) => resolve(path)) as [string, string, string];
  const rows = [
    ["report", paths.at(-1)!],
    ["best network", path],
    ["test it", hint("evaluate", best)],
    ["ask it", hint("classify", best, "--index", "1")],
    ["train on", hint("train", "--resume", latest, "-N", String(2 * metrics.length))],
    ["TensorBoard", `tensorboard --logdir ${shellWord(logs)}`],
  ];
  console.error(align(rows, [0, 1]).join("\n"));
}
