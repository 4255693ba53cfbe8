import { join } from "node:path";
import { encodeEvents, type SummaryEvent } from "../../formats/events.ts";
import { histogramOf } from "../../formats/histogram.ts";
import { decodeNpy, encodeNpy } from "../../formats/npy.ts";
import { type BestEpoch, decodeCheckpoint, encodeCheckpoint } from "../../training/checkpoint.ts";
import type { Recording } from "../../training/recording.ts";
import type { EpochReport } from "../../training/trainer.ts";
import type { TrainerState } from "../../training/trainer_state.ts";
import { lockFolder, removePartials, writeWhole } from "./files.ts";

/** The names of the files in a run's folder. */
export const RUN_FILES = {
  options: "args.json",
  metrics: "metrics.jsonl",
  latest: "checkpoint_latest.safetensors",
  best: "checkpoint_max.safetensors",
  trainAccuracies: "train_accs.npy",
  testAccuracies: "test_accs.npy",
  potentials: "v_t_array.npy",
  spikes: "s_t_array.npy",
} as const;

/** A line of `metrics.jsonl`. */
export type EpochMetrics =
  & Pick<EpochReport, "epoch" | "trainLoss" | "trainAccuracy" | "seconds">
  & Pick<EpochReport, "testLoss" | "testAccuracy">;

/** What a run goes on from. */
export interface EarlierRun {
  /** The folder with the checkpoint and the files that belong to it. */
  readonly folder: string;
  /** The checkpoint's state. */
  readonly state: TrainerState;
  /** Its best epoch so far. */
  readonly best: BestEpoch | undefined;
  /** Steps of an epoch. */
  readonly steps: number;
}

/** A file with the events of an epoch. */
interface EventFile {
  readonly name: string;
  readonly epoch: number;
}

/** Event files are named after the time they were written and the epoch that they hold. */
const EVENT_FILE = /^events\.out\.tfevents\.\d+\.galvani\.(\d+)$/;

/**
 * The files of a run that grow from epoch to epoch.
 *
 * Each is written whole or not at all, `checkpoint_latest.safetensors` last: what the others hold
 * beyond its epoch doesn't count. Files of an earlier run stay until an epoch replaces them. The folder
 * is locked until the files are disposed of.
 */
export class RunFiles implements Disposable {
  /** The run's folder. */
  readonly folder: string;
  /** The best epoch so far. */
  best: BestEpoch | undefined;
  readonly #lock: Disposable;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #metrics: EpochMetrics[] = [];
  readonly #trainAccuracies: number[] = [];
  /** The state to go on from. */
  #start: TrainerState | undefined;
  /** Whether the latest checkpoint is this run's. */
  #hasLatest = false;

  private constructor(
    folder: string,
    lock: Disposable,
    options: Readonly<Record<string, unknown>>,
  ) {
    this.folder = folder;
    this.#lock = lock;
    this.#options = options;
  }

  /**
   * Makes a run's folder ready. An earlier run there is left as it is until the first epoch is finished,
   * unless this one goes on from another folder.
   *
   * @param folder The folder.
   * @param options The run's options.
   * @param from Where to go on, if not from the start.
   * @returns The files.
   * @throws {Error} If the folder can't be written to, another process trains there, or earlier files
   * are damaged.
   */
  static async open(
    folder: string,
    options: Readonly<Record<string, unknown>>,
    from?: EarlierRun,
  ): Promise<RunFiles> {
    await Deno.mkdir(folder, { recursive: true }).catch((cause) => {
      throw new Error(`Cannot create the folder "${folder}": ${cause.message}`, { cause });
    });
    const files = new RunFiles(folder, await lockFolder(folder), options);
    try {
      await removePartials(folder);
      await writeWhole(
        join(folder, RUN_FILES.options),
        `${JSON.stringify(options, undefined, 2)}\n`,
      );
      if (from) await files.#takeOver(from);
    } catch (error) {
      files.dispose();
      throw error;
    }
    return files;
  }

  /** Lets other processes write to the folder. */
  dispose(): void {
    this.#lock[Symbol.dispose]();
  }

  /** Calls {@linkcode RunFiles.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Reads what an earlier run left, up to its checkpoint; brings it here from another folder. */
  async #takeOver({ folder, state, steps, best }: EarlierRun): Promise<void> {
    this.best = best;
    this.#start = state;
    const metrics = await readMetrics(folder);
    this.#metrics.push(...metrics.filter(({ epoch }) => epoch <= state.epoch));
    const path = join(folder, RUN_FILES.trainAccuracies);
    const bytes = await readIfThere(path);
    if (bytes) {
      const { data } = decodeNpy(bytes, { name: path });
      const length = this.#metrics.length * steps;
      this.#trainAccuracies.push(...Array.from(data.subarray(0, length), Number));
    }
    if (folder !== this.folder) await this.#bring(folder, state);
  }

  /** Brings events and checkpoints of another folder here, in the place of those of a run before. */
  async #bring(folder: string, state: TrainerState): Promise<void> {
    await removeIfThere(join(this.folder, RUN_FILES.latest));
    const names = (await eventFiles(folder)).filter(({ epoch }) => epoch <= state.epoch)
      .map(({ name }) => name);
    await removeEvents(this.folder, ({ name }) => !names.includes(name));
    for (const name of names) {
      await writeWhole(join(this.folder, name), await Deno.readFile(join(folder, name)));
    }
    const path = join(folder, RUN_FILES.best);
    const target = join(this.folder, RUN_FILES.best);
    const bytes = await readIfThere(path);
    // A process that was killed may have left the best one of an epoch that isn't finished here.
    const isKnown = bytes &&
      decodeCheckpoint(bytes, { name: path }).state.epoch === this.best?.epoch;
    if (isKnown) await writeWhole(target, bytes);
    else await removeIfThere(target);
    await this.#writeTables();
    await this.keep(state);
  }

  /** What each finished epoch gave. */
  get metrics(): readonly EpochMetrics[] {
    return this.#metrics;
  }

  /**
   * Adds a finished epoch.
   *
   * @param report What it gave.
   * @param state The trainer's state after it.
   */
  async addEpoch(report: EpochReport, state: TrainerState): Promise<void> {
    await this.#replaceLatest();
    const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds } = report;
    this.#metrics.push({ epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds });
    const steps = report.batchAccuracies.length;
    this.#trainAccuracies.push(...report.batchAccuracies);
    const isBest = !this.best || testAccuracy > this.best.testAccuracy;
    if (isBest) this.best = { epoch, testAccuracy };
    const { folder } = this;
    await removeEvents(folder, (file) => file.epoch >= epoch);
    const time = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    const events = `events.out.tfevents.${time}.galvani.${String(epoch).padStart(6, "0")}`;
    await writeWhole(
      join(folder, events),
      await encodeEvents(
        epochEvents(report, (epoch - 1) * steps, epoch === 1 ? this.#options : undefined),
      ),
    );
    await this.#writeTables();
    const bytes = this.#encode(state);
    if (isBest) await writeWhole(join(folder, RUN_FILES.best), bytes);
    await writeWhole(join(folder, RUN_FILES.latest), bytes);
  }

  /** Makes sure that nobody goes on from another run's checkpoint with this run's other files. */
  async #replaceLatest(): Promise<void> {
    if (this.#hasLatest) return;
    if (this.#start) await this.keep(this.#start);
    else await removeIfThere(join(this.folder, RUN_FILES.latest));
    this.#hasLatest = true;
  }

  /** Writes what grows by a line or by numbers an epoch. */
  async #writeTables(): Promise<void> {
    const { folder } = this;
    const npy = (values: readonly number[]) =>
      encodeNpy(Float64Array.from(values), [values.length]);
    await writeWhole(join(folder, RUN_FILES.trainAccuracies), npy(this.#trainAccuracies));
    const testAccuracies = this.#metrics.map(({ testAccuracy }) => testAccuracy);
    await writeWhole(join(folder, RUN_FILES.testAccuracies), npy(testAccuracies));
    const lines = this.#metrics.map((line) => `${JSON.stringify(line)}\n`);
    await writeWhole(join(folder, RUN_FILES.metrics), lines.join(""));
  }

  /**
   * Keeps a state within an epoch.
   *
   * @param state The trainer's state.
   */
  async keep(state: TrainerState): Promise<void> {
    await writeWhole(join(this.folder, RUN_FILES.latest), this.#encode(state));
    this.#hasLatest = true;
  }

  #encode(state: TrainerState): Uint8Array<ArrayBuffer> {
    const { best } = this;
    return encodeCheckpoint({ state, options: this.#options, ...best ? { best } : {} });
  }

  /**
   * Writes the arrays of the first test picture, `[T, neurons]`, as SpikingJelly's tutorial does.
   *
   * @param recording Its simulation.
   * @param timeSteps T.
   */
  async writeRecording({ layers }: Recording, timeSteps: number): Promise<void> {
    const last = layers.at(-1);
    if (!last) return;
    const shape = [timeSteps, last.features];
    const { folder } = this;
    await writeWhole(join(folder, RUN_FILES.potentials), encodeNpy(last.potential, shape));
    const spikes = Float32Array.from(last.spikes);
    await writeWhole(join(folder, RUN_FILES.spikes), encodeNpy(spikes, shape));
  }
}

/**
 * Reads the metrics of a run.
 *
 * @param folder The run's folder.
 * @returns What each finished epoch gave; none if there is no such file.
 * @throws {SyntaxError} If a line is no epoch's metrics; the message names the file and the line.
 */
export async function readMetrics(folder: string): Promise<EpochMetrics[]> {
  const path = join(folder, RUN_FILES.metrics);
  const bytes = await readIfThere(path);
  const lines = new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "");
  // A run that went on from a checkpoint alone has no line of the epochs before.
  let next: number | undefined;
  return lines.map((line, i) => {
    try {
      const value = JSON.parse(line);
      next ??= Number.isSafeInteger(value.epoch) ? value.epoch as number : 1;
      if (value.epoch !== next) throw new SyntaxError(`it is no epoch ${next}`);
      next++;
      // NaN is null in JSON.
      return { ...value, testLoss: value.testLoss ?? NaN, testAccuracy: value.testAccuracy ?? NaN };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SyntaxError(`Cannot read line ${i + 1} of "${path}": ${reason}`, { cause });
    }
  });
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function eventFiles(folder: string): Promise<EventFile[]> {
  const files: EventFile[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const epoch = EVENT_FILE.exec(name)?.[1];
    if (epoch !== undefined) files.push({ name, epoch: Number(epoch) });
  }
  return files;
}

/** Removes files of events, so that none is there twice. */
async function removeEvents(
  folder: string,
  isOld: (file: EventFile) => boolean,
): Promise<void> {
  for (const file of await eventFiles(folder)) {
    if (isOld(file)) await Deno.remove(join(folder, file.name));
  }
}

/** What TensorBoard shows of an epoch, its first step counted over all epochs. */
function epochEvents(
  report: EpochReport,
  firstStep: number,
  options: Readonly<Record<string, unknown>> | undefined,
): SummaryEvent[] {
  const { epoch, batchAccuracies, test } = report;
  const wallTime = Date.now() / 1000;
  const scalar = (tag: string, step: number, value: number): SummaryEvent => ({
    kind: "scalar",
    tag,
    step,
    wallTime,
    value,
  });
  const rows = Object.entries(options ?? {}).map(([name, value]) =>
    `| ${name} | ${JSON.stringify(value)} |\n`
  );
  return [
    ...options
      ? [{
        kind: "text" as const,
        tag: "options",
        step: 0,
        wallTime,
        text: `| option | value |\n| --- | --- |\n${rows.join("")}`,
      }]
      : [],
    ...Array.from(
      batchAccuracies,
      (accuracy, i) => scalar("train_batch_accuracy", firstStep + i, accuracy),
    ),
    scalar("train_loss", epoch, report.trainLoss),
    scalar("train_acc", epoch, report.trainAccuracy),
    ...test
      ? [scalar("test_loss", epoch, test.loss), scalar("test_acc", epoch, test.accuracy)]
      : [],
    ...(test?.firing ?? []).map(({ layer, kind, rates }): SummaryEvent => ({
      kind: "histogram",
      tag: `firing_rate/layer_${layer}_${kind}`,
      step: epoch,
      wallTime,
      histogram: histogramOf(rates),
    })),
  ];
}
