import { hashAll } from "../core/random.ts";
import { type Job, JobRunner } from "../program/jobs.ts";
import { passJobs } from "../program/pass.ts";
import type { Program, StepMetrics } from "../program/program.ts";
import type { ModelCore } from "../model/core.ts";
import { checkLearned, stateOf } from "./check_learned.ts";
import { type Epoch, STREAM } from "./epoch.ts";
import type { EpochRunner, EpochWork } from "./epoch_runner.ts";
import { readGradientNorms } from "./gradient_norms.ts";
import type { Learning } from "./learning.ts";
import type { Progress } from "./progress.ts";
import type { Snapshot } from "./snapshot.ts";
import type { TrainerSettings } from "./trainer_options.ts";

/** Makes the steps of a training that no other process takes part in: chunks keep the device busy. */
export class Alone implements EpochRunner {
  readonly #core: ModelCore;
  readonly #learning: Learning;
  readonly #progress: Progress;
  readonly #settings: TrainerSettings;
  readonly #runner = new JobRunner();

  /**
   * Does nothing yet.
   *
   * @param core The model's.
   * @param learning The programs.
   * @param progress How far the training is.
   * @param settings How it learns.
   */
  constructor(core: ModelCore, learning: Learning, progress: Progress, settings: TrainerSettings) {
    this.#core = core;
    this.#learning = learning;
    this.#progress = progress;
    this.#settings = settings;
  }

  /** Nothing can be wrong with one process. */
  checkStart(): Promise<void> {
    return Promise.resolve();
  }

  /** Trains to the end of an epoch, checks what was learned, and tests it; a signal may end it before. */
  async run(work: EpochWork): Promise<void> {
    await this.#runner.run(this.#jobs(work));
  }

  /**
   * Trains for some steps, of whole updates.
   *
   * @param epoch The epoch.
   * @param most How many steps at most.
   */
  async step(epoch: Epoch, most: number): Promise<void> {
    const { program, source } = epoch;
    const size = Math.min(program.stepsOf(source), most);
    const steps = this.#progress.makeSteps(epoch, this.#progress.batches.length, size);
    this.#progress.take(epoch, await program.run(steps));
  }

  /** Checks what was learned in an epoch. */
  async checkEnd({ program }: Epoch): Promise<void> {
    const snapshot = await this.#learning.snapshotOf(program, this.#progress.updates)();
    checkLearned(snapshot, this.#progress, this.#settings);
  }

  /** Whether a signal has asked to end. */
  stops(signal: AbortSignal | undefined): Promise<boolean> {
    return Promise.resolve(signal?.aborted ?? false);
  }

  /** The jobs of an epoch: its steps, the check of what was learned, and the test. */
  *#jobs(work: EpochWork): Generator<Job<unknown>, void> {
    const { epoch: { program }, options, test, result } = work;
    if (!(yield* this.#trainJobs(work))) return;
    if (options.gradientNorms) {
      yield {
        steps: 0,
        submit: () => readGradientNorms(program),
        take: (norms: Map<string, number>) => void (result.gradientNorms = norms),
      };
    }
    yield this.#snapshotJob(
      program,
      (snapshot) => checkLearned(snapshot, this.#progress, this.#settings),
    );
    if (!test) return;
    yield* passJobs(program, {
      source: test,
      observes: true,
      keyOf: (step) => hashAll(this.#settings.seed, STREAM.test, step),
      chunk: () => this.#runner.chunk,
      signal: options.signal,
      take: (pass) => void (result.test = this.#core.evaluationOf(test.dataset, program, pass)),
    });
  }

  /** Jobs of a chunk of steps each. Whether they are all: the signal may end them. */
  *#trainJobs({ epoch, options, onTaken }: EpochWork): Generator<Job<unknown>, boolean> {
    const { program, source, steps } = epoch;
    const { signal, checkpointEvery = Infinity, onCheckpoint } = options;
    const { accumulate } = this.#settings;
    const every = onCheckpoint ? checkpointEvery * accumulate : Infinity;
    const take = (metrics: readonly StepMetrics[]) => {
      this.#progress.take(epoch, metrics);
      onTaken();
    };
    const takeCheckpoint = async (snapshot: Snapshot) => {
      if (this.#progress.batches.length === steps) return;
      await onCheckpoint?.(stateOf(snapshot, this.#progress, this.#settings));
    };
    for (let next = this.#progress.batches.length; next < steps;) {
      // Within an update there is no state to go on from.
      if (signal?.aborted && next % accumulate === 0) return false;
      this.#learning.checkUsable();
      const toCheckpoint = every - next % every;
      const size = Math.min(
        this.#runner.chunk,
        program.stepsOf(source),
        steps - next,
        toCheckpoint,
      );
      const submit = program.prepare(this.#progress.makeSteps(epoch, next, size));
      next += size;
      yield { steps: size, submit, take };
      if (size === toCheckpoint) yield this.#snapshotJob(program, takeCheckpoint);
    }
    return true;
  }

  #snapshotJob(program: Program, take: Job<Snapshot>["take"]): Job<Snapshot> {
    const submit = () => this.#learning.snapshotOf(program, this.#progress.updates);
    return { steps: 0, submit, take };
  }
}
