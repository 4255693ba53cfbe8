import { basename, dirname, join, resolve } from "node:path";
import { checkPngFiles } from "../../plots/to_png.ts";
import { percent } from "../../text/quantities.ts";
import { DivergedError } from "../../training/diverged_error.ts";
import { Model } from "../../model/model.ts";
import { Trainer } from "../../training/trainer.ts";
import { openGpu } from "../device/open_gpu.ts";
import { buildNetwork } from "../network/build_network.ts";
import { readCheckpoint, type TrainedNetwork } from "../network/load_checkpoint.ts";
import { checkData, loadData } from "../network/load_data.ts";
import { modelOptions, trainerOptions } from "../network/trainer_options.ts";
import { wordOf } from "../options/option.ts";
import { alternatives } from "../options/option_kind.ts";
import { OPTIONS, type TrainOptions } from "../options/options.ts";
import { resumeOptions } from "../options/resume_options.ts";
import { RunFiles } from "../run/run_files.ts";
import { runFolder } from "../run/run_folder.ts";
import { RUN_FILES } from "../run/run_names.ts";
import { showResults } from "../run/show_results.ts";
import { trainEpochs } from "../run/train_epochs.ts";

/**
 * Trains a network. Without options it is that of SpikingJelly's MNIST tutorial: one Linear layer and
 * LIF neurons, images coded as Poisson spikes, mean squared error of the firing rates, Adam.
 *
 * @param asked The command's options.
 * @param given Those that were given.
 * @returns The exit code if a signal ended it.
 */
export async function train(
  asked: TrainOptions,
  given: ReadonlySet<keyof TrainOptions>,
): Promise<number | undefined> {
  const from = await readResumed(asked);
  const staysThere = from && isRunFile(from.path) && !given.has("logDir");
  const resumed = from
    ? resumeOptions({ options: asked, given }, from.checkpoint.options, from.path)
    : asked;
  const options = {
    ...resumed,
    // Who reads the checkpoint may be in another folder.
    ...resumed.datasetDir === undefined ? {} : { datasetDir: resolve(resumed.datasetDir) },
    // A checkpoint, which may be a stranger's, doesn't say where to write.
    logDir: staysThere ? dirname(dirname(from.path)) : asked.logDir,
  };
  const folder = staysThere ? dirname(from.path) : join(options.logDir, runFolder(options));
  const data = await loadData(
    options.datasetDir,
    from && !given.has("datasetDir") ? from : undefined,
  );
  if (from) checkData(from, data, options.datasetDir);
  using gpu = await openGpu(options);
  const { shape, classes } = data.train;
  using model = await Model.compile(
    gpu,
    buildNetwork(options, { shape, classes: from?.classes ?? classes }),
    modelOptions(options, shape),
  );
  using trainer = new Trainer(model, trainerOptions(options));
  if (from) await trainer.restore(from.checkpoint.state);
  const { resume: _, ...saved } = options;
  using files = await RunFiles.open(
    folder,
    { options: saved, model: model.toJSON() },
    from && {
      folder: dirname(from.path),
      state: from.checkpoint.state,
      best: from.checkpoint.best,
    },
  );
  // What would fail at the end fails now.
  await checkPngFiles();
  console.error(`Training on ${gpu.name}; the run's files go to ${folder}`);
  const before = from?.checkpoint.state.epoch ?? 0;
  const training = { model, trainer, data, options, files, before };
  if (from) console.error(resumedText(from));
  const hasMore = before < options.epochs;
  if (!hasMore) {
    console.error(`All ${options.epochs} epochs are finished: -N ${2 * before} would train on`);
  }
  const exitCode = hasMore
    ? await trainEpochs(training).catch((error) => {
      throw error instanceof DivergedError ? withNames(error, options) : error;
    })
    : undefined;
  if (files.best) {
    const { epoch, testAccuracy } = files.best;
    console.log(`Best test accuracy: ${percent(testAccuracy)} (epoch ${epoch})`);
  }
  if (exitCode !== undefined) return exitCode;
  // A checkpoint that came without its run says nothing of its epochs.
  if (files.metrics.length > 0) await showResults(training);
  return undefined;
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

function resumedText({ path, checkpoint }: TrainedNetwork): string {
  const { epoch, step } = checkpoint.state;
  return `Going on from ${path}: after epoch ${epoch}` + (step > 0 ? ` and ${step} steps` : "");
}

/** Adds the names of the options that the advice is about. */
function withNames(error: DivergedError, { alpha }: TrainOptions): Error {
  const fields: (keyof TrainOptions)[] = [
    ...["learningRate", "warmUp"] as const,
    ...alpha === undefined ? [] : ["alpha"] as const,
  ];
  const names = fields.map((field) => wordOf(OPTIONS, field));
  return new Error(`${error.message}: see ${alternatives(names)}`, { cause: error });
}
