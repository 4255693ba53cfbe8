import type { Encoder } from "../../encoders/encoder.ts";
import type { Dispatch } from "../../gpu/kernel.ts";
import type { Compilation } from "../../signal/compilation.ts";
import type { Signal } from "../../signal/signal.ts";

/** An encoder that keeps what is added to the plan from then on: all of the plan's dispatches. */
export class RecordingEncoder implements Encoder {
  /** As of the encoder inside. */
  readonly allPixels: boolean;
  /** The plan's dispatches, in the order in which they were compiled. */
  readonly dispatches: Dispatch[] = [];
  readonly #encoder: Encoder;

  /**
   * Wraps an encoder.
   *
   * @param encoder The encoder.
   */
  constructor(encoder: Encoder) {
    this.#encoder = encoder;
    this.allPixels = encoder.allPixels ?? false;
  }

  /**
   * Adds the encoder inside to a plan.
   *
   * @param compilation The plan in the making: the encoder is the first to compile.
   * @returns The signal of the encoder inside.
   */
  compile(compilation: Compilation): Promise<Signal> {
    const add = compilation.add.bind(compilation);
    compilation.add = (phase, dispatch) => {
      this.dispatches.push(dispatch);
      add(phase, dispatch);
    };
    return this.#encoder.compile(compilation);
  }
}
