import type { BatchStep } from "../core/feed.ts";
import type { Source } from "../core/source.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Tensor } from "../formats/tensor.ts";
import type { Reading } from "../gpu/reading.ts";
import { contentOf, inputOf, type ModelCore } from "../model/core.ts";
import { SharedProgram } from "../model/shared_program.ts";
import { readTensors } from "../model/tensors.ts";
import type { Program } from "../program/program.ts";
import type { ProgramOptions } from "../program/compile.ts";
import { type Snapshot, takeSnapshot, writeOptimizer } from "./snapshot.ts";
import type { TrainerSettings } from "./trainer_options.ts";
import type { TrainerState } from "./trainer_state.ts";

/** A training set, ready to be read, and the program that learns from it. */
export interface Course {
  /** The program. */
  readonly program: Program;
  /** The training set. */
  readonly source: Source;
  /** Steps of an epoch. */
  readonly steps: number;
}

/** The programs of a training: the one that learns, and one for gradients that are looked at. */
export class Learning implements Disposable {
  readonly #core: ModelCore;
  readonly #settings: TrainerSettings;
  #program: Promise<Program> | undefined;
  /** The same, on which the model may evaluate while it rests. */
  #shared: SharedProgram | undefined;
  /** What the samples are that the program was compiled for. */
  #content = "";
  /** Those for gradients, by what the samples are. */
  readonly #gradients = new Map<string, Promise<Program>>();
  /** What the optimizer is to keep, until there is a program. */
  #restored: Pick<TrainerState, "optimizer" | "updates"> = { optimizer: new Map(), updates: 0 };
  #disposed = false;

  /**
   * Compiles nothing yet.
   *
   * @param core The model's.
   * @param settings How it learns.
   */
  constructor(core: ModelCore, settings: TrainerSettings) {
    this.#core = core;
    this.#settings = settings;
  }

  /**
   * Makes a data set ready to train with.
   *
   * @param train The data set.
   * @param done Steps that were done in the epoch under way.
   * @returns The course.
   * @throws {RangeError | TypeError} If it doesn't fit, or has fewer samples than a batch.
   */
  async open(train: Dataset, done: number): Promise<Course> {
    const { batchSize, accumulate } = this.#settings;
    const source = this.#core.open(train, { labelled: true });
    if (train.count < batchSize * accumulate) {
      throw new RangeError(
        `Cannot train as a batch of ${batchSize * accumulate} needs as many samples: there are ` +
          `${train.count}`,
      );
    }
    const program = await this.#compile(train);
    await this.#core.openIn(program, source);
    this.checkUsable();
    const steps = Math.floor(train.count / (batchSize * accumulate)) * accumulate;
    if (done > steps) {
      throw new RangeError(
        `Cannot train as the epoch under way has ${steps} steps: the restored state is after ${done}`,
      );
    }
    return { program, source, steps };
  }

  async #compile(data: Dataset): Promise<Program> {
    const input = inputOf(data);
    if (this.#program) this.checkContent("Cannot train on", data);
    else {
      const { loss, optimizer, accumulate, clip } = this.#settings;
      this.#content = contentOf(data);
      // The promise is kept, so that calls at the same time share one program.
      this.#program = this.#core.compileProgram(input, {
        mode: "train",
        loss,
        optimizer,
        accumulate,
        ...clip ? { clip } : {},
        ...shareOf(this.#settings),
      }).then((program) => {
        try {
          this.#restoreOptimizer(program, this.#restored);
        } catch (error) {
          program.dispose();
          throw error;
        }
        this.#share(new SharedProgram(program, contentOf(data), loss));
        return program;
      });
      this.#program.catch(() => this.#program = undefined);
    }
    const program = await this.#program;
    this.checkUsable();
    return program;
  }

  #share(shared: SharedProgram): void {
    if (this.#disposed) return shared.dispose();
    this.#shared = shared;
    this.#core.share(shared);
  }

  /**
   * Trains with a course, once the model's evaluations on its program have ended.
   *
   * @param work What trains.
   * @returns What it gives.
   */
  train<T>(work: () => Promise<T>): Promise<T> {
    return this.#shared!.train(work);
  }

  /**
   * Checks that samples are what the program was compiled for.
   *
   * @param what What can't be done otherwise.
   * @param data The samples.
   * @throws {TypeError} If they aren't.
   */
  checkContent(what: string, data: Dataset): void {
    const content = contentOf(data);
    if (content === this.#content) return;
    throw new TypeError(
      `${what} ${content} as this trainer was compiled for ${this.#content}`,
    );
  }

  /**
   * Copies what was learned so far.
   *
   * @param updates Steps of the optimizer that were submitted.
   * @returns What reads the copy.
   */
  async snapshot(updates: number): Promise<Reading<Snapshot>> {
    const program = await this.#program;
    if (program) return this.snapshotOf(program, updates);
    const parameters = await readParameters(this.#core)();
    return () => Promise.resolve({ updates, parameters, optimizer: this.#restored.optimizer });
  }

  /**
   * The same, at once, of the program that learns.
   *
   * @param program The program.
   * @param updates Steps of the optimizer that were submitted.
   * @returns What reads the copy.
   */
  snapshotOf(program: Program, updates: number): Reading<Snapshot> {
    const { gpu, store } = this.#core;
    return takeSnapshot(gpu, store, program, updates);
  }

  /**
   * Takes over what was learned, and what the optimizer kept of it.
   *
   * @param state The state.
   * @throws {TypeError} If a tensor is missing or of another shape. Nothing has changed then.
   */
  async restore(state: TrainerState): Promise<void> {
    const { store } = this.#core;
    const { missing, misfits } = store.flawsOf(state.parameters);
    const [flaw] = [...missing.map((name) => `"${name}" is missing`), ...misfits];
    if (flaw !== undefined) {
      throw new TypeError(`Cannot restore the state of a training as its tensor ${flaw}`);
    }
    const program = await this.#program;
    if (program) this.#restoreOptimizer(program, state);
    store.load(state.parameters);
    this.#restored = state;
  }

  /** Gives an optimizer what it kept; nothing if it had no step yet. */
  #restoreOptimizer(
    program: Program,
    { optimizer, updates }: Pick<TrainerState, "optimizer" | "updates">,
  ): void {
    const { gpu } = this.#core;
    if (optimizer.size > 0 || updates > 0) return writeOptimizer(gpu, program, optimizer);
    for (const state of program.compiled.states.values()) {
      for (const buffer of Object.values(state)) gpu.write(buffer, new Uint8Array(buffer.size));
    }
  }

  /**
   * The gradient of the mean loss of a batch. Nothing is learned.
   *
   * @param batch The samples, with labels.
   * @param key The key of the step's random numbers.
   * @returns A tensor for each parameter, by PyTorch's names.
   * @throws {RangeError | TypeError} If the samples don't fit.
   */
  async gradients(batch: Dataset, key: number): Promise<Map<string, Tensor>> {
    const { batchSize } = this.#settings;
    const { gpu, store } = this.#core;
    if (batch.count > batchSize) {
      throw new RangeError(
        `Cannot take the gradients of ${batch.count} samples at once as a batch holds ${batchSize}`,
      );
    }
    const source = this.#core.open(batch, { labelled: true });
    const program = await this.#gradientProgram(batch);
    await this.#core.openIn(program, source);
    this.checkUsable();
    const samples = program.order(source, Uint32Array.from({ length: batch.count }, (_, i) => i));
    const step: BatchStep = { key, source, samples, update: [0, 0, 0, 0] };
    program.submit([step]);
    const blocks = [...program.parameters];
    const values = await readTensors(
      gpu,
      blocks.map(([{ size }, { gradient }]) => ({ buffer: gradient, size })),
    )();
    // Kernels take the mean over a whole batch.
    const scale = batchSize / batch.count;
    const scaled = scale === 1 ? values : values.map((own) => own.map((g) => g * scale));
    return new Map(blocks.flatMap(([block], i) => store.tensorsOf(block, scaled[i]!)));
  }

  #gradientProgram(batch: Dataset): Promise<Program> {
    const content = contentOf(batch);
    let program = this.#gradients.get(content);
    if (!program) {
      const { batchSize, loss } = this.#settings;
      program = this.#core.compileProgram(inputOf(batch), { mode: "train", batchSize, loss });
      this.#gradients.set(content, program);
      program.catch(() => this.#gradients.delete(content));
    }
    return program;
  }

  /**
   * Checks that the trainer is still there.
   *
   * @throws {TypeError} If it, or its model, was disposed of.
   */
  checkUsable(): void {
    if (this.#disposed) throw new TypeError("Cannot use a trainer that was disposed of");
    this.#core.checkUsable();
  }

  /** Frees the programs. */
  dispose(): void {
    this.#disposed = true;
    if (this.#shared) {
      this.#core.unshare(this.#shared);
      this.#shared.dispose();
    }
    for (const program of this.#gradients.values()) {
      program.then((program) => program.dispose(), () => {});
    }
    this.#program = undefined;
    this.#gradients.clear();
  }

  /** Calls {@linkcode Learning.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** How many samples of a batch a program takes, and what becomes of its gradient. */
function shareOf(
  { batchSize, exchange, averageEvery }: TrainerSettings,
): Pick<ProgramOptions, "batchSize" | "exchanges" | "weight"> {
  if (!exchange) return { batchSize };
  const own = Math.ceil(batchSize / exchange.size);
  if (averageEvery === undefined) return { batchSize: own, exchanges: true };
  // Kernels take the mean over the largest share; smaller ones count as much as their samples do.
  return { batchSize: own, weight: own / (batchSize / exchange.size) };
}

function readParameters({ gpu, store }: ModelCore): Reading<Map<string, Tensor>> {
  const { blocks } = store;
  const reading = readTensors(
    gpu,
    blocks.map(({ values, size }) => ({ buffer: values, size })),
  );
  return async () => {
    const values = await reading();
    return new Map(blocks.flatMap((block, i) => store.tensorsOf(block, values[i]!)));
  };
}
