import type { Gpu } from "../gpu/gpu.ts";
import { type DenseRange, fromDense, mostNumbers, toDense } from "../core/dense.ts";
import { timeWords } from "../core/time.ts";
import { checkCount } from "../validate.ts";
import type { NeuronConstant, NeuronModel } from "./neuron_model.ts";
import { SimulationPart } from "./simulation_part.ts";

/** Variables of the neurons' state by their names, such as v, `[N]` each. */
export type NeuronState = Readonly<Record<string, Float32Array>>;

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
   * The state before the first step: the layer's own, such as `vInit` ("reset"), what the last call ended
   * with ("carry"), the potential of each neuron, `[N]`, or variables by their names, such as a result's
   * `state`. What isn't named is as the layer has it.
   *
   * @default {"reset"}
   */
  state?: "reset" | "carry" | Float32Array | NeuronState;
}

/** What {@linkcode Simulation.forward} gives. */
export interface SimulationResult {
  /** Spikes, 0 or 1, `[T, N]`. */
  readonly spikes: Uint8Array<ArrayBuffer>;
  /** Spikes over T, `[N]`. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** The potential after each step's reset, `[T, N]`; only from neurons with `storeV` or that don't fire. */
  readonly v?: Float32Array<ArrayBuffer>;
  /** The potential after the last step, `[N]`. */
  readonly vFinal: Float32Array<ArrayBuffer>;
  /** The whole state after the last step. */
  readonly state: NeuronState;
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
  /** The gradient of the whole state before the first step. */
  readonly state: NeuronState;
  /** Gradients of what the neurons learn by its names, such as w: one number, or `[N]`. */
  readonly learned: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
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
  readonly #model: NeuronModel;
  /** What is too large for one buffer of the device is split by neurons. */
  readonly #parts: { readonly range: DenseRange; readonly part: SimulationPart }[] = [];
  /** Which call was the last. */
  #last: "new" | "forward" | "backward" | "disposed" = "new";

  private constructor(model: NeuronModel, shape: SimulationShape) {
    const what = "Cannot simulate neurons";
    this.timeSteps = checkCount(what, "timeSteps", shape.timeSteps);
    const sizes = typeof shape.neurons === "number" ? [shape.neurons] : shape.neurons;
    this.neurons = sizes.reduce((n, size) => n * checkCount(what, "neurons", size), 1);
    this.#model = model;
  }

  /**
   * Compiles a layer for a shape.
   *
   * @param gpu Where it will run.
   * @param layer The neurons, of any kind.
   * @param shape T and N.
   * @returns The layer, ready to run.
   * @throws {RangeError} If T or N isn't an integer of at least 1, or the layer has constants for other
   * numbers of neurons.
   */
  static async compile(
    gpu: Gpu,
    layer: { model(): NeuronModel },
    shape: SimulationShape,
  ): Promise<Simulation> {
    const model = layer.model();
    const simulation = new Simulation(model, shape);
    const { timeSteps, neurons } = simulation;
    const most = Math.max(1, mostNumbers(timeSteps, gpu.largestBuffer));
    const count = Math.ceil(neurons / most);
    for (let i = 0; i < count; i++) {
      const first = Math.floor(i * neurons / count);
      const range = { first, count: Math.floor((i + 1) * neurons / count) - first, of: neurons };
      const run = { neurons: range.count, timeSteps };
      const part = await SimulationPart.compile(gpu, modelOf(model, range), run);
      simulation.#parts.push({ range, part });
    }
    return simulation;
  }

  /**
   * Simulates T steps.
   *
   * @param current The input, `[T, N]`.
   * @param options Where the state starts.
   * @returns Spikes, counts, potentials and the state.
   * @throws {RangeError} If `current` or the state has another size, or the neurons have no such state.
   * @throws {TypeError} If there is no state to carry on, or the simulation was disposed of.
   */
  async forward(current: Float32Array, options: ForwardOptions = {}): Promise<SimulationResult> {
    const what = "Cannot simulate neurons";
    const { state = "reset" } = options;
    const { timeSteps, neurons } = this;
    this.#checkUsable();
    checkLength(what, "current", current, timeSteps * neurons, ["T", "N"]);
    if (state === "carry" && this.#last === "new") {
      throw new TypeError("Cannot carry on the state as there was no call before this one");
    }
    const initial = state === "carry" ? undefined : this.#initial(state);
    this.#last = "forward";
    const spikes = new Uint8Array(timeSteps * neurons);
    const counts = new Uint32Array(neurons);
    const final = this.#state();
    const { firing, storeV } = this.#model;
    const v = storeV || !firing ? new Float32Array(timeSteps * neurons) : undefined;
    for (const { range, part } of this.#parts) {
      const result = await part.forward(
        toDense(current, timeSteps, range),
        initial?.map((values) => values.subarray(range.first, range.first + range.count)),
      );
      if (firing) {
        fromWords(result.spikes!, spikes, timeSteps, range);
        counts.set(result.counts!, range.first);
      }
      result.state.forEach((values, i) => final[i]!.set(values, range.first));
      if (v) fromDense(result.v!, v, timeSteps, range);
    }
    return { spikes, counts, vFinal: final[0]!, state: this.#named(final), ...v ? { v } : {} };
  }

  /**
   * Goes back through the steps of the last forward call.
   *
   * @param upstream The gradients of the loss for the spikes, the potentials or both.
   * @returns The gradients of the current, of the initial state and of what is learned.
   * @throws {RangeError} If a gradient has another size.
   * @throws {TypeError} If there is no gradient, the neurons don't fire and there is one of spikes, or no
   * forward call since the last backward call.
   */
  async backward(upstream: UpstreamGradients): Promise<SimulationGradients> {
    this.#checkUsable();
    if (this.#last !== "forward") {
      throw new TypeError("Cannot go back as each backward call needs a forward call before it");
    }
    const { timeSteps, neurons } = this;
    const { spikes, v } = upstream;
    const what = "Cannot go back through neurons";
    if (!spikes && !v) throw new TypeError(`${what} as there is no gradient of spikes or v`);
    if (spikes && !this.#model.firing) {
      throw new TypeError(
        `${what} from spikes as ${this.#model.kind} doesn't fire: give that of v`,
      );
    }
    const constant = spikes?.length === neurons && timeSteps > 1;
    if (spikes && !constant) {
      checkLength(what, "spikes", spikes, timeSteps * neurons, ["T", "N"]);
    }
    if (v) checkLength(what, "v", v, timeSteps * neurons, ["T", "N"]);
    this.#last = "backward";
    const x = new Float32Array(timeSteps * neurons);
    const initial = this.#state();
    const learned: Record<string, Float32Array<ArrayBuffer>> = {};
    for (const { range, part } of this.#parts) {
      const { first, count } = range;
      const result = await part.backward({
        ...spikes
          ? {
            spikes: constant
              ? {
                form: "constant",
                values: Float32Array.from(spikes.subarray(first, first + count)),
              }
              : { form: "dense", values: toDense(spikes, timeSteps, range) },
          }
          : {},
        ...v ? { v: toDense(v, timeSteps, range) } : {},
      });
      fromDense(result.x, x, timeSteps, range);
      result.state.forEach((values, i) => initial[i]!.set(values, first));
      for (const { name, each, values } of result.learned) {
        const all = learned[name] ??= new Float32Array(each ? neurons : 1);
        if (each) all.set(values, first);
        else all[0]! += values[0]!;
      }
    }
    return { x, vInit: initial[0]!, state: this.#named(initial), learned };
  }

  /** Frees the buffers on the device. */
  dispose(): void {
    for (const { part } of this.#parts) part.dispose();
    this.#last = "disposed";
  }

  /** Calls {@linkcode Simulation.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Room for each variable of the state. */
  #state(): Float32Array<ArrayBuffer>[] {
    return this.#model.state.map(() => new Float32Array(this.neurons));
  }

  #named(values: readonly Float32Array[]): NeuronState {
    return Object.fromEntries(this.#model.state.map((name, i) => [name, values[i]!]));
  }

  /** The state to begin with, a variable after the other. */
  #initial(state: "reset" | Float32Array | NeuronState): readonly Float32Array[] {
    const what = "Cannot simulate neurons";
    const { kind, state: names, initial } = this.#model;
    const given = state === "reset"
      ? {}
      : state instanceof Float32Array
      ? { [names[0]!]: state }
      : state;
    for (const [name, values] of Object.entries(given)) {
      if (!names.includes(name)) {
        throw new RangeError(
          `${what} as ${kind} has no "${name}" in its state: it has ${names.join(", ")}`,
        );
      }
      checkLength(what, "state", values, this.neurons, ["N"]);
    }
    return names.map((name, i) => given[name] ?? new Float32Array(this.neurons).fill(initial[i]!));
  }

  #checkUsable(): void {
    if (this.#last === "disposed") {
      throw new TypeError("Cannot use a simulation that was disposed of");
    }
  }
}

/** The model of a range of neurons: constants that each neuron has of its own are cut. */
function modelOf(model: NeuronModel, { first, count, of }: DenseRange): NeuronModel {
  if (count === of) return model;
  const cut = <T>(value: T): T =>
    value instanceof Float32Array ? value.slice(first, first + count) as T : value;
  const cutConstant = (constant: NeuronConstant): NeuronConstant =>
    typeof constant === "object" && "learned" in constant
      ? { ...constant, initial: cut(constant.initial) }
      : cut(constant);
  const { constants, firing } = model;
  return {
    ...model,
    constants: Object.fromEntries(
      Object.entries(constants).map(([name, constant]) => [name, cutConstant(constant)]),
    ),
    ...firing
      ? {
        firing: {
          ...firing,
          vThreshold: cut(firing.vThreshold),
          vReset: cut(firing.vReset),
        },
      }
      : {},
  };
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
