import { basename, dirname, join, resolve } from "node:path";
import type { DatasetSplits } from "../../datasets/dataset.ts";
import { findEventDataset } from "../../datasets/events/load.ts";
import { checkPngFiles } from "../../plots/to_png.ts";
import { duration, percent } from "../../text/quantities.ts";
import { Model } from "../../model/model.ts";
import { Mpi } from "../../mpi/mpi.ts";
import { alarmsOf } from "../../training/alarms.ts";
import { DivergedError } from "../../training/diverged_error.ts";
import { Trainer } from "../../training/trainer.ts";
import type { EpochReport } from "../../training/trainer_options.ts";
import { alarmText } from "../text/alarm_text.ts";
import { hint, shellCommand } from "../text/command_line.ts";
import { silenceText } from "../text/evaluation_text.ts";
import {
  readCheckpoint,
  readRunCheckpoint,
  type TrainedNetwork,
} from "../network/load_checkpoint.ts";
import { loadData, loadPictures } from "../network/load_data.ts";
import { downloadFashionMnist } from "../download/fashion_mnist.ts";
import { buildNetwork } from "../network/build_network.ts";
import { openGpu } from "../device/open_gpu.ts";
import { isNirFile } from "../options/nir_options.ts";
import { checkOwnGpu, checkStartedAlone, firstOnce } from "../device/processes.ts";
import { wordOf } from "../options/option.ts";
import { OPTIONS, TRAIN, type TrainOptions } from "../options/options.ts";
import { withMore } from "../options/parse.ts";
import { Progress } from "../text/progress.ts";
import { savedOptions } from "../options/saved_options.ts";
import { resumeOptions } from "../options/resume_options.ts";
import { RUN_FILES } from "../run/run_file_names.ts";
import { lastNeurons, RunFiles } from "../run/run_files.ts";
import { runFolder } from "../run/run_folder.ts";
import { writeRunPlots } from "../run/run_plots.ts";
import { StopSignals } from "../run/stop_signals.ts";
import { UsageError } from "../usage_error.ts";
import { paint, standardOutput } from "../text/terminal.ts";
import { modelOptions, trainerOptions } from "../network/trainer_options.ts";

/**
 * Trains a network. Without options it is that of SpikingJelly's MNIST tutorial: one Linear layer and
 * LIF neurons, images coded as Poisson spikes, mean squared error of the firing rates, Adam.
 *
 * @param named The command's options.
 * @param given Those that were given.
 * @returns The exit code: 0, or what says which signal ended the training.
 */
export async function train(
  options: TrainOptions,
  given: ReadonlySet<keyof TrainOptions>,
): Promise<number> {
  if (options.distributed) return await Mpi.run((mpi) => trainOver(mpi, options, given));
  if (given.has("averageEvery")) {
    throw new UsageError("--average-every is about several processes: it goes with --distributed");
  }
  checkStartedAlone();
  return await trainOver(undefined, options, given);
}

/** Trains alone, or as one of several processes, of which the first writes files and says all. */
async function trainOver(
  mpi: Mpi | undefined,
  named: TrainOptions,
  given: ReadonlySet<keyof TrainOptions>,
): Promise<number> {
  const { datasetDir, ...others } = await byContent(named, given);
  // Whoever reads its checkpoints may be in another folder.
  const asked = {
    ...others,
    ...datasetDir === undefined ? {} : { datasetDir: resolve(datasetDir) },
  };
  const from = await readResumed(asked);
  if (!from && isNirFile(asked.network)) {
    throw new UsageError(
      `option --network names a file: \`${
        hint("import", asked.network!, "net.safetensors")
      }\` makes a ` +
        "checkpoint of it, which train --resume goes on from",
    );
  }
  const staysThere = from && isRunFile(from.path) && !given.has("logDir");
  const chosen = from
    ? resumeOptions({ options: asked, given }, from.checkpoint.options, from.path)
    : asked;
  const options = {
    ...chosen,
    // A checkpoint, which may be a stranger's, doesn't say where to write.
    ...chosen.download
      ? { datasetDir: await firstOnce(mpi, () => downloadFashionMnist(asked.datasetDir)) }
      : {},
    logDir: staysThere ? dirname(dirname(from.path)) : asked.logDir,
  };
  const folder = staysThere ? dirname(from.path) : join(options.logDir, runFolder(options));
  const isGiven = options.download || given.has("datasetDir");
  const data = from
    ? await loadData({ ...from, options }, isGiven ? options.datasetDir : undefined)
    : await loadPictures(options);
  const { shape } = data.train;
  using gpu = await openGpu(options);
  if (mpi) checkOwnGpu(gpu, options, mpi.localSize);
  using model = await Model.compile(
    gpu,
    from?.network ?? buildNetwork(options, data.train),
    modelOptions(options, shape),
  );
  using trainer = new Trainer(model, {
    ...trainerOptions(options),
    ...mpi ? { exchange: mpi } : {},
  });
  if (from) await trainer.restore(from.checkpoint.state);
  if (mpi && mpi.rank > 0) return await trainAlong(trainer, data, options, from);
  using files = await RunFiles.open(
    folder,
    savedOptions(options),
    model.toJSON(),
    from && {
      folder: dirname(from.path),
      state: from.checkpoint.state,
      best: from.checkpoint.best,
    },
  );
  // What would fail at the end fails now.
  await checkPngFiles();
  const processes = mpi ? ` in ${mpi.size} processes` : "";
  console.error(`Training${processes} on ${gpu.name}; the run's files go to ${folder}`);
  const { exitCode, alarms = [] } = await trainEpochs(trainer, data, options, files, from)
    .catch((error) => Promise.reject(withOptions(error, options)));
  if (files.best) {
    const { epoch, testAccuracy } = files.best;
    console.log(`Best test accuracy: ${percent(testAccuracy)} (epoch ${epoch})`);
  }
  if (exitCode !== undefined) return exitCode;
  await showResults(trainer, data, options, files, alarms);
  return 0;
}

/** Trains with the first process, which writes files and says all. */
async function trainAlong(
  trainer: Trainer,
  { train, test }: DatasetSplits,
  { epochs }: TrainOptions,
  from: TrainedNetwork | undefined,
): Promise<number> {
  let finished = from?.checkpoint.state.epoch ?? 0;
  if (finished >= epochs) return 0;
  using stop = new StopSignals();
  const reports = trainer.fit(train, { epochs: epochs - finished, test, signal: stop.signal });
  for await (const { epoch } of reports) finished = epoch;
  return finished === epochs ? 0 : stop.exitCode ?? 1;
}

/** The options for the data set that the folder has, where only the folder is named. */
async function byContent(
  options: TrainOptions,
  given: ReadonlySet<keyof TrainOptions>,
): Promise<TrainOptions> {
  const { datasetDir } = options;
  if (datasetDir === undefined || given.has("dataset")) return options;
  // What is wrong with the folder is said where it is read.
  const dataset = await findEventDataset(datasetDir).catch(() => undefined);
  return dataset === undefined ? options : withMore(TRAIN, { options, given }, { dataset });
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

/**
 * Trains until all epochs are finished or a signal asks to end: gives the exit code then, and where there
 * are no results to show.
 */
async function trainEpochs(
  trainer: Trainer,
  data: DatasetSplits,
  options: TrainOptions,
  files: RunFiles,
  from: TrainedNetwork | undefined,
): Promise<{ readonly exitCode?: number; readonly alarms?: readonly string[] }> {
  const before = from?.checkpoint.state.epoch ?? 0;
  const { epochs, checkpointEvery, quiet } = options;
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
    return files.metrics.length > 0 ? {} : { exitCode: 0 };
  }
  using stop = new StopSignals();
  const progress = new Progress(options.batchSize);
  let finished = before;
  let alarms: string[] = [];
  try {
    const started = performance.now();
    const reports = trainer.fit(data.train, {
      epochs: epochs - before,
      test: data.test,
      signal: stop.signal,
      gradientNorms: !quiet,
      ...quiet ? {} : { onProgress: (state) => progress.show(state) },
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
      if (quiet) continue;
      alarms = epochAlarms(report, options, data.train.classes);
      for (const alarm of alarms) {
        console.error(`Epoch ${finished}: ${alarm}`);
      }
    }
    await progress.end();
    if (finished === epochs) return { alarms };
    const state = await trainer.state();
    await files.keep(state);
    const path = join(files.folder, RUN_FILES.latest);
    console.error(
      `Interrupted: finished epochs: ${finished}; steps of the next: ${state.step}. Go on with:\n` +
        `  ${hint("train", "--resume", resolve(path))}`,
    );
    return { exitCode: stop.exitCode ?? 1 };
  } finally {
    await progress.end();
  }
}

/** Adds the names of the options that an error's advice is about. */
function withOptions(error: unknown, { neuron, alpha }: TrainOptions): unknown {
  if (!(error instanceof DivergedError)) return error;
  const hasAlpha = neuron !== "none" && alpha !== undefined;
  const fields = ["learningRate", "warmUp", ...hasAlpha ? ["alpha" as const] : []] as const;
  const names = fields.map((field) => wordOf(OPTIONS, field));
  const list = names.join(", ").replace(/, (?=[^,]*$)/, " and ");
  return new Error(`${error.message}: the options are ${list}`, { cause: error });
}

/** Plots what the best network does, and says where everything is. */
async function showResults(
  trainer: Trainer,
  data: DatasetSplits,
  options: TrainOptions,
  files: RunFiles,
  alarms: readonly string[],
): Promise<void> {
  const { model } = trainer;
  const { folder, metrics } = files;
  const { path, checkpoint } = await readRunCheckpoint(folder);
  model.load(checkpoint.state.parameters);
  // The trainer's program makes room for one that counts.
  trainer.dispose();
  const evaluation = await model.evaluate(data.test, { count: true });
  const recording = await model.record(data.test.take([0]));
  const { layers, scores } = recording;
  if (lastNeurons(layers)) {
    const rates = Array.from(scores, (rate) => rate.toFixed(2));
    console.log(`Firing rates of the first test picture: [${rates.join(" ")}]`);
  }
  await files.writeRecording(recording, options.timeSteps);
  const silence = silenceText(evaluation.firing);
  if (silence !== undefined) console.error(silence);
  const { gpu } = model;
  // What takes the most memory makes room for what draws the plots.
  model.dispose();
  gpu.dispose();
  const { content } = data.train;
  if (content.kind === "bytes") (content.data.buffer as ArrayBuffer).transfer(0);
  const paths = await writeRunPlots(folder, {
    options,
    epochs: metrics,
    adapter: gpu.name,
    data,
    parameters: checkpoint.state.parameters,
    recording,
    evaluation,
    alarms,
  });
  const [best, latest] = [resolve(path), resolve(folder, RUN_FILES.latest)];
  const rows = [
    ["report", paths.at(-1)!],
    ["best network", path],
    ["test it", hint("evaluate", best)],
    ["ask it", hint("classify", best, "--index", "1")],
    ["train on", hint("train", "--resume", latest, "-N", String(2 * metrics.length))],
    ["TensorBoard", shellCommand("tensorboard", "--logdir", resolve(options.logDir))],
  ];
  console.error(rows.map(([what, how]) => `${what!.padEnd(14)}${how}`).join("\n"));
}

/** What looks wrong after an epoch, a line each. */
function epochAlarms(
  { test, gradientNorms, trainAccuracy, batchAccuracies }: EpochReport,
  { batchSize }: TrainOptions,
  classes: number,
): string[] {
  return alarmsOf({
    firing: test?.firing ?? [],
    ...gradientNorms ? { gradientNorms } : {},
    trainAccuracy,
    samples: batchAccuracies.length * batchSize,
    classes,
  }).map(alarmText);
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
