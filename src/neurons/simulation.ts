import type { Gpu } from "../gpu/gpu.ts";
import { type DenseRange, fromDense, mostNumbers, toDense } from "../core/dense.ts";
import { timeWords } from "../core/time.ts";
import { checkCount } from "../validate.ts";
import type { NeuronLayer } from "./neuron_layer.ts";
import { SimulationPart } from "./simulation_part.ts";

/** What a {@linkcode Simulation} is made for. */
export interface SimulationShape {
  /** T, the number of time steps. */
  timeSteps: number;
  /** N, the number of neurons: `[N]`, or more dimensions, whose product is N. */
  neurons: number | readonly number[];
}

/** Options of {@linkcode Simulation.forward}. */
export interface ForwardOptions {
  /**
   * The potential before the first step: the layer's `vInit` ("reset"), what the last call ended with
   * ("carry"), or one value for each neuron, `[N]`.
   *
   * @default {"reset"}
   */
  state?: "reset" | "carry" | Float32Array;
}

/** What {@linkcode Simulation.forward} gives. */
export interface SimulationResult {
  /** Spikes, 0 or 1, `[T, N]`. */
  readonly spikes: Uint8Array<ArrayBuffer>;
  /** Spikes over T, `[N]`. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** The potential after each step's reset, `[T, N]`; only from neurons with `storeV`. */
  readonly v?: Float32Array<ArrayBuffer>;
  /** The potential after the last step, `[N]`. */
  readonly vFinal: Float32Array<ArrayBuffer>;
}

/** Gradients of a loss for what {@linkcode Simulation.forward} gave; one at least. */
export interface UpstreamGradients {
  /** That of the spikes: `[T, N]`, or `[N]` if it is the same at each time step. */
  spikes?: Float32Array;
  /** That of the potential after each step's reset: `[T, N]`. */
  v?: Float32Array;
}

/** What {@linkcode Simulation.backward} gives. */
export interface SimulationGradients {
  /** The gradient of the current, `[T, N]`. */
  readonly x: Float32Array<ArrayBuffer>;
  /** The gradient of the potential before the first step, `[N]`. */
  readonly vInit: Float32Array<ArrayBuffer>;
  /** The gradient of w, where the time constant is learned. */
  readonly w?: number;
}

/**
 * A layer of neurons alone: T steps forward, and back from the gradients of its spikes and potentials,
 * with no network around it.
 *
 * @example
 * ```ts
 * import { Gpu, LifNode, Simulation } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * using gpu = await Gpu.request();
 * using layer = await Simulation.compile(gpu, new LifNode(), { timeSteps: 3, neurons: 2 });
 * const current = new Float32Array([2.5, 0, 0, 0, 2.5, 1]); // [T, N]
 * const { spikes, counts } = await layer.forward(current);
 * assertEquals([...spikes], [1, 0, 0, 0, 1, 0]);
 * assertEquals([...counts], [2, 0]);
 * const gradients = await layer.backward({ spikes: new Float32Array([1, 1]) });
 * assertEquals(gradients.x.length, 6);
 * ```
 */
export class Simulation implements Disposable {
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** N, the number of neurons. */
  readonly neurons: number;
  readonly #vInit: number;
  readonly #storeV: boolean;
  /** What is too large for one buffer of the device is split by neurons. */
  readonly #parts: { readonly range: DenseRange; readonly part: SimulationPart }[] = [];
  /** Which call was the last. */
  #state: "new" | "forward" | "backward" | "disposed" = "new";

  private constructor(layer: NeuronLayer, shape: SimulationShape) {
    const what = "Cannot simulate neurons";
    this.timeSteps = checkCount(what, "timeSteps", shape.timeSteps);
    const sizes = typeof shape.neurons === "number" ? [shape.neurons] : shape.neurons;
    this.neurons = sizes.reduce((n, size) => n * checkCount(what, "neurons", size), 1);
    const { vInit, storeV } = layer.describe();
    this.#vInit = vInit;
    this.#storeV = storeV;
  }

  /**
   * Compiles a layer for a shape.
   *
   * @param gpu Where it will run.
   * @param layer The neurons.
   * @param shape T and N.
   * @returns The layer, ready to run.
   * @throws {RangeError} If T or N isn't an integer of at least 1.
   */
  static async compile(
    gpu: Gpu,
    layer: NeuronLayer,
    shape: SimulationShape,
  ): Promise<Simulation> {
    const simulation = new Simulation(layer, shape);
    const { timeSteps, neurons } = simulation;
    const most = Math.max(1, mostNumbers(timeSteps, gpu.largestBuffer));
    const count = Math.ceil(neurons / most);
    for (let i = 0; i < count; i++) {
      const first = Math.floor(i * neurons / count);
      const range = { first, count: Math.floor((i + 1) * neurons / count) - first, of: neurons };
      const run = { neurons: range.count, timeSteps };
      const part = await SimulationPart.compile(gpu, layer.describe(), run);
      simulation.#parts.push({ range, part });
    }
    return simulation;
  }

  /**
   * Simulates T steps.
   *
   * @param current The input, `[T, N]`.
   * @param options Where the potential starts.
   * @returns Spikes, counts and potentials.
   * @throws {RangeError} If `current` or the state has another size.
   * @throws {TypeError} If there is no state to carry on, or the simulation was disposed of.
   */
  async forward(current: Float32Array, options: ForwardOptions = {}): Promise<SimulationResult> {
    const what = "Cannot simulate neurons";
    const { state = "reset" } = options;
    const { timeSteps, neurons } = this;
    this.#checkUsable();
    checkLength(what, "current", current, timeSteps * neurons, ["T", "N"]);
    if (state === "carry" && this.#state === "new") {
      throw new TypeError("Cannot carry on the state as there was no call before this one");
    }
    if (state instanceof Float32Array) checkLength(what, "state", state, neurons, ["N"]);
    this.#state = "forward";
    const spikes = new Uint8Array(timeSteps * neurons);
    const counts = new Uint32Array(neurons);
    const vFinal = new Float32Array(neurons);
    const v = this.#storeV ? new Float32Array(timeSteps * neurons) : undefined;
    for (const { range, part } of this.#parts) {
      const { first, count } = range;
      const initial = state === "carry"
        ? undefined
        : state === "reset"
        ? new Float32Array(count).fill(this.#vInit)
        : state.slice(first, first + count);
      const result = await part.forward(toDense(current, timeSteps, range), initial);
      fromWords(result.spikes, spikes, timeSteps, range);
      counts.set(result.counts, first);
      vFinal.set(result.vFinal, first);
      if (v) fromDense(result.v!, v, timeSteps, range);
    }
    return { spikes, counts, vFinal, ...v ? { v } : {} };
  }

  /**
   * Goes back through the steps of the last forward call.
   *
   * @param upstream The gradients of the loss for the spikes, the potentials or both.
   * @returns The gradients of the current, of the initial potential and, where it is learned, of w.
   * @throws {RangeError} If a gradient has another size.
   * @throws {TypeError} If there is no gradient, or no forward call since the last backward call.
   */
  async backward(upstream: UpstreamGradients): Promise<SimulationGradients> {
    this.#checkUsable();
    if (this.#state !== "forward") {
      throw new TypeError("Cannot go back as each backward call needs a forward call before it");
    }
    const { timeSteps, neurons } = this;
    const { spikes, v } = upstream;
    const what = "Cannot go back through neurons";
    if (!spikes && !v) throw new TypeError(`${what} as there is no gradient of spikes or v`);
    const constant = spikes?.length === neurons && timeSteps > 1;
    if (spikes && !constant) {
      checkLength(what, "spikes", spikes, timeSteps * neurons, ["T", "N"]);
    }
    if (v) checkLength(what, "v", v, timeSteps * neurons, ["T", "N"]);
    this.#state = "backward";
    const x = new Float32Array(timeSteps * neurons);
    const vInit = new Float32Array(neurons);
    let w: number | undefined;
    for (const { range, part } of this.#parts) {
      const { first, count } = range;
      const result = await part.backward({
        ...spikes
          ? {
            spikes: constant
              ? {
                kind: "constant",
                values: Float32Array.from(spikes.subarray(first, first + count)),
              }
              : { kind: "dense", values: toDense(spikes, timeSteps, range) },
          }
          : {},
        ...v ? { v: toDense(v, timeSteps, range) } : {},
      });
      fromDense(result.x, x, timeSteps, range);
      vInit.set(result.vInit, first);
      if (result.w !== undefined) w = (w ?? 0) + result.w;
    }
    return { x, vInit, ...w === undefined ? {} : { w } };
  }

  /** Frees the buffers on the device. */
  dispose(): void {
    for (const { part } of this.#parts) part.dispose();
    this.#state = "disposed";
  }

  /** Calls {@linkcode Simulation.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #checkUsable(): void {
    if (this.#state === "disposed") {
      throw new TypeError("Cannot use a simulation that was disposed of");
    }
  }
}

function checkLength(
  what: string,
  name: string,
  values: ArrayLike<number>,
  length: number,
  shape: readonly string[],
): void {
  if (values.length !== length) {
    throw new RangeError(
      `${what} as ${name} must be [${
        shape.join(", ")
      }], ${length} numbers: it has ${values.length}`,
    );
  }
}

/** Neurons of a range, from bits, `[ceil(T / 32)][count]`, to `[T, N]`. */
function fromWords(
  words: Uint32Array,
  values: Uint8Array,
  timeSteps: number,
  { first, count, of }: DenseRange,
) {
  for (let word = 0; word < timeWords(timeSteps); word++) {
    for (let t = 32 * word; t < Math.min(timeSteps, 32 * word + 32); t++) {
      const row = t * of + first;
      for (let n = 0; n < count; n++) {
        values[row + n] = words[word * count + n]! >>> (t & 31) & 1;
      }
    }
  }
}
