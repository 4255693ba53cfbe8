import type { Loss } from "../core/loss.ts";
import type { Program } from "../program/program.ts";
import { Exclusive } from "./exclusive.ts";

/**
 * A trainer's program, on which the model evaluates while nothing is trained: so no other is compiled for
 * that. Trainings and passes come one after the other, since passes share the neurons' sums.
 */
export class SharedProgram implements Disposable {
  /** The program. */
  readonly program: Program;
  readonly #content: string;
  readonly #loss: Loss;
  readonly #turns = new Exclusive();
  /** Trainings that run, or wait for a pass to end. */
  #trainings = 0;

  /**
   * Shares a program.
   *
   * @param program The program; it is disposed of with this.
   * @param content What its samples are, as `contentOf` says it.
   * @param loss Its loss.
   */
  constructor(program: Program, content: string, loss: Loss) {
    this.program = program;
    this.#content = content;
    this.#loss = loss;
  }

  /**
   * Whether a pass can run on it now.
   *
   * @param content What the samples are.
   * @param loss The loss that is asked for, if one is.
   */
  isFreeFor(content: string, loss: Loss | undefined): boolean {
    return this.#trainings === 0 && content === this.#content && (!loss || loss === this.#loss);
  }

  /**
   * Trains, once the passes have ended that came before.
   *
   * @param work What trains.
   * @returns What it gives.
   */
  async train<T>(work: () => Promise<T>): Promise<T> {
    this.#trainings++;
    try {
      return await this.#turns.run(work);
    } finally {
      this.#trainings--;
    }
  }

  /**
   * Runs a pass in which nothing is learned.
   *
   * @param work The pass.
   * @returns What it gives.
   */
  pass<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  /** Frees the program's memory, as soon as nothing runs. */
  dispose(): void {
    this.#turns.run(() => Promise.resolve(this.program.dispose()));
  }

  /** Calls {@linkcode SharedProgram.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
