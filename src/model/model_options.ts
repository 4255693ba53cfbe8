import type { Encoder, EncoderJson } from "../core/encoder.ts";
import type { LayerJson } from "../core/layer.ts";
import type { Readout } from "../core/scope.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import { checkCount } from "../validate.ts";

/** Options of `Model.compile`. */
export interface ModelOptions {
  /** What a sample has at one time step: a data set's `shape`, such as `[1, 28, 28]`. */
  input: Shape;
  /** How samples become signals. */
  encoder: Encoder;
  /** T, the number of time steps. */
  timeSteps: number;
  /**
   * Samples that `predict` and `evaluate` take at a time.
   *
   * @default {128}
   */
  batchSize?: number;
  /**
   * What the first weights follow from, and the spikes that encoders draw where nothing is learned.
   *
   * @default {1}
   */
  seed?: number;
  /**
   * How a network that ends in numbers over time, as of a `LiNode`, gets one score for each class: their
   * mean, their largest, or the last.
   *
   * @default {"mean"}
   */
  readout?: Readout;
  /**
   * Which implementations may be chosen: `"plain"` leaves out those that are there for speed alone, to
   * compare with them.
   *
   * @default {"auto"}
   */
  variants?: "auto" | "plain";
}

/** A model as JSON: all but its parameters. */
export interface ModelJson {
  /** What a sample has at one time step. */
  readonly input: Shape;
  /** How samples become signals. */
  readonly encoder: EncoderJson;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** How values over time become scores. */
  readonly readout: Readout;
  /** What random numbers follow from. */
  readonly seed: number;
  /** The network. */
  readonly network: LayerJson;
}

/** What a network says of a sample. */
export interface Prediction {
  /** The class with the largest score, of equals the lowest. */
  readonly answer: number;
  /**
   * The score of each class: firing rates of the last neurons, in spikes per time step, or the numbers that
   * the network ends in, `[classes]`.
   */
  readonly scores: Float32Array<ArrayBuffer>;
}

/**
 * Checks the options of a model and fills in those left out.
 *
 * @param options The options.
 * @returns All options.
 * @throws {TypeError | RangeError} If one is missing or out of range.
 */
export function checkModelOptions(options: ModelOptions): Required<ModelOptions> {
  const what = "Cannot compile a model";
  const { batchSize = 128, seed = 1, readout = "mean", variants = "auto" } = options;
  const input = checkShape(what, "input", options.input);
  checkCount(what, "timeSteps", options.timeSteps);
  checkCount(what, "batchSize", batchSize);
  checkSeed(what, seed);
  if (typeof options.encoder?.compile !== "function") {
    throw new TypeError(
      `${what} as its encoder must be an encoder, such as new PoissonEncoder(): current value is ` +
        options.encoder,
    );
  }
  if (!["mean", "max", "last"].includes(readout)) {
    throw new RangeError(
      `${what} as readout must be "mean", "max" or "last": current value is "${readout}"`,
    );
  }
  if (!["auto", "plain"].includes(variants)) {
    throw new RangeError(
      `${what} as variants must be "auto" or "plain": current value is "${variants}"`,
    );
  }
  return { ...options, input, batchSize, seed, readout, variants };
}

/**
 * Checks a seed.
 *
 * @param what What can't be done otherwise.
 * @param seed The seed.
 * @returns The seed.
 * @throws {RangeError} If it isn't an integer of 32 bits.
 */
export function checkSeed(what: string, seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff) return seed;
  throw new RangeError(
    `${what} as seed must be an integer of 0 to 2^32 - 1: current value is ${seed}`,
  );
}
