import { join, resolve } from "node:path";
import type { ByteContent } from "../../datasets/dataset.ts";
import { align } from "../../text/align.ts";
import { readRunCheckpoint } from "../network/load_checkpoint.ts";
import { hint } from "../text/call.ts";
import { shellWord } from "../text/shell_word.ts";
import { lastNeurons } from "./run_files.ts";
import { RUN_FILES } from "./run_names.ts";
import { writeRunPlots } from "./run_plots.ts";
import type { Training } from "./train_epochs.ts";

/**
 * Plots what the best network of a run does, and says where everything is. The trainer is of no use then.
 *
 * @param training The training.
 */
export async function showResults(training: Training): Promise<void> {
  const { model, trainer, data, options, files } = training;
  const { folder, metrics } = files;
  const { path, checkpoint } = await readRunCheckpoint(folder);
  trainer.dispose();
  model.load(checkpoint.state.parameters);
  const recording = await model.record(data.test.take([0]));
  const { layers, scores } = recording;
  if (lastNeurons(layers)) {
    const rates = Array.from(scores, (rate) => rate.toFixed(2));
    console.log(`Firing rates of the first test picture: [${rates.join(" ")}]`);
  }
  await files.writeRecording(recording, options.timeSteps);
  const evaluation = await model.evaluate(data.test);
  const adapter = model.gpu.name;
  // What takes the most memory makes room for what draws the plots.
  model.dispose();
  ((data.train.content as ByteContent).data.buffer as ArrayBuffer).transfer(0);
  const paths = await writeRunPlots(folder, {
    options,
    epochs: metrics,
    adapter,
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
