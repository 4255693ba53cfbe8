import { basename, dirname, join } from "node:path";
import type { ImageDatasetSplits } from "../../datasets/image_dataset.ts";
import { loadMnist } from "../../datasets/mod.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import { checkPngFiles } from "../../plots/to_png.ts";
import { type EpochReport, Trainer } from "../../training/trainer.ts";
import { shellWord } from "../text/shell_word.ts";
import {
  readCheckpoint,
  readRunCheckpoint,
  type TrainedNetwork,
} from "../network/load_checkpoint.ts";
import { buildNetwork } from "../network/build_network.ts";
import { openGpu } from "../device/open_gpu.ts";
import type { TrainOptions } from "../options/options.ts";
import { Progress } from "../text/progress.ts";
import { resumeOptions } from "../options/resume_options.ts";
import { RUN_FILES, RunFiles } from "../run/run_files.ts";
import { runFolder } from "../run/run_folder.ts";
import { writeRunPlots } from "../run/run_plots.ts";
import { paint, standardOutput } from "../text/terminal.ts";
import { trainerOptions } from "../network/trainer_options.ts";

/**
 * Trains a network. Without options it is that of SpikingJelly's MNIST tutorial: one Linear layer and
 * LIF neurons, images coded as Poisson spikes, mean squared error of the firing rates, Adam.
 *
 * @param asked The command's options.
 * @param given Those that were given.
 */
export async function train(
  asked: TrainOptions,
  given: ReadonlySet<keyof TrainOptions>,
): Promise<void> {
  const from = await readResumed(asked);
  const staysThere = from && isRunFile(from.path) && !given.has("logDir");
  const options = {
    ...from ? resumeOptions({ options: asked, given }, from.checkpoint.options, from.path) : asked,
    // A checkpoint, which may be a stranger's, doesn't say where to write.
    logDir: staysThere ? dirname(dirname(from.path)) : asked.logDir,
  };
  const folder = staysThere ? dirname(from.path) : join(options.logDir, runFolder(options));
  const data = await loadMnist(
    options.datasetDir === undefined ? {} : { directory: options.datasetDir },
  );
  using gpu = await openGpu(options);
  using trainer = new Trainer(gpu, buildNetwork(options, data.train), trainerOptions(options));
  if (from) await trainer.restore(from.checkpoint.state);
  const { resume: _, ...saved } = options;
  using files = await RunFiles.open(
    folder,
    saved,
    from && {
      folder: dirname(from.path),
      state: from.checkpoint.state,
      best: from.checkpoint.best,
      steps: Math.floor(data.train.count / options.batchSize),
    },
  );
  // What would fail at the end fails now.
  await checkPngFiles();
  console.error(`Training on ${gpu.name}; the run's files go to ${folder}`);
  const finished = await trainEpochs(trainer, data, options, files, from);
  if (files.best) {
    const { epoch, testAccuracy } = files.best;
    console.log(`Best test accuracy: ${percent(testAccuracy)} (epoch ${epoch})`);
  }
  if (finished) await showResults(gpu, trainer, data, options, files);
}

/** The checkpoint to go on from; nothing to start anew. */
async function readResumed(options: TrainOptions): Promise<TrainedNetwork | undefined> {
  const { resume, logDir } = options;
  if (resume === undefined) return undefined;
  if (resume !== "auto") return await readCheckpoint(resume);
  try {
    return await readCheckpoint(join(logDir, runFolder(options), RUN_FILES.latest));
  } catch (error) {
    if (error instanceof Error && error.cause instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether a checkpoint has the name of one in a run's folder, so that the run goes on there. */
const isRunFile = (path: string) =>
  [RUN_FILES.latest, RUN_FILES.best].some((name) => name === basename(path));

/** Trains until all epochs are finished or an interrupt; gives whether there are results to show. */
async function trainEpochs(
  trainer: Trainer,
  data: ImageDatasetSplits,
  options: TrainOptions,
  files: RunFiles,
  from: TrainedNetwork | undefined,
): Promise<boolean> {
  const before = from?.checkpoint.state.epoch ?? 0;
  const { epochs, checkpointEvery } = options;
  if (from) {
    const { step } = from.checkpoint.state;
    console.error(
      `Going on from ${from.path}: after epoch ${before}` +
        (step > 0 ? ` and ${step} steps` : ""),
    );
  }
  if (before >= epochs) {
    console.error(`All ${epochs} epochs are finished: -N ${2 * before} would train on`);
    // A checkpoint that came without its run says nothing of its epochs.
    return files.metrics.length > 0;
  }
  const interrupt = new AbortController();
  const onInterrupt = () => {
    // Who asks twice doesn't want to wait for the steps that are on their way.
    if (interrupt.signal.aborted) Deno.exit(130);
    interrupt.abort();
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  const progress = new Progress(options.batchSize);
  let finished = before;
  try {
    const started = performance.now();
    const reports = trainer.fit(data.train, {
      epochs: epochs - before,
      test: data.test,
      signal: interrupt.signal,
      onProgress: (state) => progress.show(state),
      ...checkpointEvery === undefined
        ? {}
        : { checkpointEvery, onCheckpoint: (state) => files.keep(state) },
    });
    for await (const report of reports) {
      await progress.end();
      await files.addEpoch(report, await trainer.state());
      finished = report.epoch;
      const left = (performance.now() - started) / 1000 / (finished - before) *
        (epochs - finished);
      console.log(epochLine(report, epochs, left, files.best?.epoch === finished));
    }
    await progress.end();
    if (finished === epochs) return true;
    const state = await trainer.state();
    await files.keep(state);
    const path = join(files.folder, RUN_FILES.latest);
    console.error(
      `Interrupted: finished epochs: ${finished}; steps of the next: ${state.step}. Go on with:\n` +
        `  deno run -A cli.ts train --resume ${shellWord(path)}`,
    );
    return false;
  } finally {
    Deno.removeSignalListener("SIGINT", onInterrupt);
    await progress.end();
  }
}

/** Plots what the best network does, and says where everything is. */
async function showResults(
  gpu: Gpu,
  trainer: Trainer,
  data: ImageDatasetSplits,
  options: TrainOptions,
  files: RunFiles,
): Promise<void> {
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
  const call = "deno run -A cli.ts";
  const latest = join(folder, RUN_FILES.latest);
  const rows = [
    ["report", paths.at(-1)!],
    ["best network", path],
    ["test it", `${call} evaluate ${shellWord(path)}`],
    ["ask it", `${call} classify ${shellWord(path)} --index 1`],
    ["train on", `${call} train --resume ${shellWord(latest)} -N ${2 * metrics.length}`],
    ["TensorBoard", `tensorboard --logdir ${shellWord(options.logDir)}`],
  ];
  console.error(rows.map(([what, how]) => `${what!.padEnd(14)}${how}`).join("\n"));
}

function epochLine(
  report: EpochReport,
  epochs: number,
  secondsLeft: number,
  isBest: boolean,
): string {
  const terminal = standardOutput();
  const tested = `accuracy ${percent(report.testAccuracy)}`;
  return `${paint(terminal, "bold", `Epoch ${report.epoch}/${epochs}`)}: ` +
    `train loss ${report.trainLoss.toFixed(5)}, accuracy ${percent(report.trainAccuracy)}; ` +
    `test loss ${report.testLoss.toFixed(5)}, ` +
    `${isBest ? paint(terminal, "green", tested) : tested}; ` +
    `${Math.round(report.imagesPerSecond)} images/s, ${duration(secondsLeft)} left`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(2)} %`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
