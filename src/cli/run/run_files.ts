import { join } from "node:path";
import { decodeNpy, encodeNpy } from "../../formats/npy.ts";
import { type BestEpoch, decodeCheckpoint, encodeCheckpoint } from "../../training/checkpoint.ts";
import type { ModelJson } from "../../model/model_options.ts";
import type { Recording } from "../../model/recording.ts";
import type { EpochReport } from "../../training/trainer_options.ts";
import type { TrainerState } from "../../training/trainer_state.ts";
import { lockFolder, readIfThere, removeIfThere, removePartials, writeWhole } from "./files.ts";
import { eventFiles, removeEvents, writeEvents } from "./run_events.ts";
import { RUN_FILES } from "./run_file_names.ts";
import { type EpochMetrics, metricsOf, readMetrics, stepsOf } from "./run_metrics.ts";

/** What a run goes on from. */
export interface EarlierRun {
  /** The folder with the checkpoint and the files that belong to it. */
  readonly folder: string;
  /** The checkpoint's state. */
  readonly state: TrainerState;
  /** Its best epoch so far. */
  readonly best: BestEpoch | undefined;
}

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
  readonly #model: ModelJson;
  readonly #metrics: EpochMetrics[] = [];
  #trainAccuracies: number[] = [];
  /** The state to go on from. */
  #start: TrainerState | undefined;
  /** Whether the latest checkpoint is this run's. */
  #hasLatest = false;

  private constructor(
    folder: string,
    lock: Disposable,
    options: Readonly<Record<string, unknown>>,
    model: ModelJson,
  ) {
    this.folder = folder;
    this.#model = model;
    this.#lock = lock;
    this.#options = options;
  }

  /**
   * Makes a run's folder ready. An earlier run there is left as it is until the first epoch is finished,
   * unless this one goes on from another folder.
   *
   * @param folder The folder.
   * @param options The run's options.
   * @param model The model that is trained.
   * @param from Where to go on, if not from the start.
   * @returns The files.
   * @throws {Error} If the folder can't be written to, another process trains there, or earlier files
   * are damaged.
   */
  static async open(
    folder: string,
    options: Readonly<Record<string, unknown>>,
    model: ModelJson,
    from?: EarlierRun,
  ): Promise<RunFiles> {
    await Deno.mkdir(folder, { recursive: true }).catch((cause) => {
      throw new Error(`Cannot create the folder "${folder}": ${cause.message}`, { cause });
    });
    const files = new RunFiles(folder, await lockFolder(folder), options, model);
    try {
      await removePartials(folder);
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
  async #takeOver({ folder, state, best }: EarlierRun): Promise<void> {
    this.best = best;
    this.#start = state;
    const metrics = await readMetrics(folder);
    this.#metrics.push(...metrics.filter(({ epoch }) => epoch <= state.epoch));
    const path = join(folder, RUN_FILES.trainAccuracies);
    const bytes = await readIfThere(path);
    if (bytes) {
      const { data } = decodeNpy(bytes, { name: path });
      const length = stepsOf(this.#metrics, state.epoch, state.updates - state.step);
      this.#trainAccuracies = Array.from(data.subarray(0, length), Number);
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
    const { epoch, testAccuracy, batchAccuracies } = report;
    this.#metrics.push(metricsOf(report));
    for (const accuracy of batchAccuracies) this.#trainAccuracies.push(accuracy);
    const isBest = !this.best || testAccuracy > this.best.testAccuracy;
    if (isBest) this.best = { epoch, testAccuracy };
    const { folder } = this;
    const firstStep = state.updates - batchAccuracies.length;
    await writeEvents(folder, report, { firstStep, options: this.#options });
    await this.#writeTables();
    const bytes = this.#encode(state);
    if (isBest) await writeWhole(join(folder, RUN_FILES.best), bytes);
    await writeWhole(join(folder, RUN_FILES.latest), bytes);
  }

  /** Makes sure that nobody goes on from another run's checkpoint with this run's other files. */
  async #replaceLatest(): Promise<void> {
    if (this.#hasLatest) return;
    if (this.#start) return await this.keep(this.#start);
    await removeIfThere(join(this.folder, RUN_FILES.latest));
    await this.#begin();
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
    await this.#begin();
  }

  /** Says whose folder it is from now on. */
  async #begin(): Promise<void> {
    if (this.#hasLatest) return;
    const text = `${JSON.stringify(this.#options, undefined, 2)}\n`;
    await writeWhole(join(this.folder, RUN_FILES.options), text);
    this.#hasLatest = true;
  }

  #encode(state: TrainerState): Uint8Array<ArrayBuffer> {
    const { best } = this;
    return encodeCheckpoint({
      state,
      options: this.#options,
      model: this.#model,
      ...best ? { best } : {},
    });
  }

  /**
   * Writes the arrays of the first test picture, `[T, neurons]`, as SpikingJelly's tutorial does.
   *
   * @param recording Its simulation.
   * @param timeSteps T.
   */
  async writeRecording({ layers }: Recording, timeSteps: number): Promise<void> {
    const last = lastNeurons(layers);
    if (!last) return;
    const shape = [timeSteps, ...last.shape];
    const { folder } = this;
    await writeWhole(join(folder, RUN_FILES.potentials), encodeNpy(last.traces["v"]!, shape));
    const spikes = Float32Array.from(last.spikes!);
    await writeWhole(join(folder, RUN_FILES.spikes), encodeNpy(spikes, shape));
  }
}

/**
 * The last neurons of a recording.
 *
 * @param layers What each layer did.
 * @returns That of the last layer that fires; nothing without any.
 */
export function lastNeurons(layers: Recording["layers"]): Recording["layers"][number] | undefined {
  return layers.findLast(({ spikes }) => spikes);
}
