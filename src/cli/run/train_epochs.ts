import { join, resolve } from "node:path";
import type { DatasetSplits } from "../../datasets/dataset.ts";
import type { Model } from "../../model/model.ts";
import type { Trainer } from "../../training/trainer.ts";
import type { EpochReport } from "../../training/trainer_options.ts";
import type { TrainOptions } from "../options/options.ts";
import { hint } from "../text/call.ts";
import { epochLine } from "../text/epoch_line.ts";
import { Progress } from "../text/progress.ts";
import { silenceText, silentLayer } from "../text/silence.ts";
import { standardOutput } from "../text/terminal.ts";
import { Interruption } from "./interruption.ts";
import type { RunFiles } from "./run_files.ts";
import { RUN_FILES } from "./run_names.ts";

/** A training and where its results go. */
export interface Training {
  /** The model that is trained. */
  readonly model: Model;
  /** The trainer, in the state to go on from. */
  readonly trainer: Trainer;
  /** The pictures. */
  readonly data: DatasetSplits;
  /** The run's options. */
  readonly options: TrainOptions;
  /** The run's files. */
  readonly files: RunFiles;
  /** Epochs that are finished already. */
  readonly before: number;
}

/**
 * Trains until all epochs are finished, or until a signal asks for an end.
 *
 * @param training What to train.
 * @returns The exit code of the signal, after the state was kept; nothing if all epochs are finished.
 */
export async function trainEpochs(training: Training): Promise<number | undefined> {
  const { trainer, data, options, files, before } = training;
  const { epochs, checkpointEvery } = options;
  using interruption = new Interruption();
  const progress = new Progress(options.batchSize);
  const notice = silenceNotice();
  let finished = before;
  try {
    const started = performance.now();
    const reports = trainer.fit(data.train, {
      epochs: epochs - before,
      test: data.test,
      signal: interruption.signal,
      onProgress: (state) => progress.show(state),
      ...checkpointEvery === undefined
        ? {}
        : { checkpointEvery, onCheckpoint: (state) => files.keep(state) },
    });
    for await (const report of reports) {
      await progress.end();
      await files.addEpoch(report, await trainer.state());
      finished = report.epoch;
      const secondsLeft = (performance.now() - started) / 1000 / (finished - before) *
        (epochs - finished);
      const isBest = files.best?.epoch === finished;
      console.log(epochLine(report, { epochs, secondsLeft, isBest }, standardOutput()));
      notice(report);
    }
    if (finished === epochs) return undefined;
    const state = await trainer.state();
    await files.keep(state);
    await progress.end();
    console.error(
      `Interrupted: finished epochs: ${finished}; steps of the next: ${state.step}. Go on with:\n` +
        `  ${hint("train", "--resume", resolve(join(files.folder, RUN_FILES.latest)))}`,
    );
    return interruption.exitCode;
  } finally {
    await progress.end();
  }
}

/** Says that a layer is silent when it has become so, not again after each epoch. */
function silenceNotice(): (report: EpochReport) => void {
  let known: string | undefined;
  return ({ test }) => {
    const silent = silentLayer(test?.firing ?? []);
    if (silent && silent.layer !== known) console.error(silenceText(silent, "pictures"));
    known = silent?.layer;
  };
}
