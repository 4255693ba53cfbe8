import type { Gpu } from "../gpu/gpu.ts";
import { type DenseRange, fromDense, mostNumbers, toDense } from "../core/dense.ts";
import { timeWords } from "../core/time.ts";
import { checkCount } from "../validate.ts";
import { type NeuronDescription, stateOf } from "./model.ts";
import type { NeuronLayer } from "./neuron_layer.ts";
import { learnedTensors } from "./pair/learned.ts";
import { SimulationPart } from "./simulation_part.ts";
import { firstStates, packStates, unpackStates } from "./simulation_state.ts";
import type {
  ForwardOptions,
  SimulationGradients,
  SimulationResult,
  SimulationShape,
  UpstreamGradients,
} from "./simulation_types.ts";

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
  readonly #description: NeuronDescription;
  readonly #features: number;
  /** What is too large for one buffer of the device is split by neurons. */
  readonly #parts: { readonly range: DenseRange; readonly part: SimulationPart }[] = [];
  /** Which call was the last. */
  #state: "new" | "forward" | "backward" | "disposed" = "new";

  private constructor(layer: NeuronLayer, shape: SimulationShape) {
    const what = "Cannot simulate neurons";
    this.timeSteps = checkCount(what, "timeSteps", shape.timeSteps);
    const sizes = typeof shape.neurons === "number" ? [shape.neurons] : shape.neurons;
    this.neurons = sizes.reduce((n, size) => n * checkCount(what, "neurons", size), 1);
    this.#features = checkCount(what, "features", shape.features ?? this.neurons);
    if (this.neurons % this.#features !== 0) {
      throw new RangeError(
        `${what} as features must divide the ${this.neurons} neurons: current value is ` +
          this.#features,
      );
    }
    this.#description = layer.describe();
  }

  /**
   * Compiles a layer for a shape.
   *
   * @param gpu Where it will run.
   * @param layer The neurons.
   * @param shape T and N.
   * @returns The layer, ready to run.
   * @throws {RangeError} If T or N isn't an integer of at least 1, N isn't a multiple of the features, or
   * the state has no variable that is to be kept.
   */
  static async compile(
    gpu: Gpu,
    layer: NeuronLayer,
    shape: SimulationShape,
  ): Promise<Simulation> {
    const simulation = new Simulation(layer, shape);
    const { timeSteps, neurons } = simulation;
    const description = simulation.#description;
    const features = simulation.#features;
    const traces = [...description.storeV ? ["v"] : [], ...shape.traces ?? []];
    const most = Math.max(1, mostNumbers(timeSteps, gpu.largestBuffer));
    const count = Math.ceil(neurons / most);
    for (let i = 0; i < count; i++) {
      const first = Math.floor(i * neurons / count);
      const range = { first, count: Math.floor((i + 1) * neurons / count) - first, of: neurons };
      const run = {
        neurons: range.count,
        timeSteps,
        features,
        firstFeature: first % features,
        traces,
      };
      const part = await SimulationPart.compile(gpu, description, run);
      simulation.#parts.push({ range, part });
    }
    return simulation;
  }

  /**
   * Simulates T steps.
   *
   * @param current The input, `[T, N]`.
   * @param options Where the state starts.
   * @returns Spikes, counts and states.
   * @throws {RangeError} If `current` or the state has another size, or another name.
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
    const names = stateOf(this.#description);
    const given = typeof state === "string"
      ? {}
      : state instanceof Float32Array
      ? { [names[0]!]: state }
      : state;
    this.#checkNames(what, given);
    for (const [name, values] of Object.entries(given)) {
      checkLength(what, name === names[0] ? "state" : `state of ${name}`, values, neurons, ["N"]);
    }
    this.#state = "forward";
    const initial = state === "carry"
      ? undefined
      : firstStates(this.#description, neurons, this.#features, given);
    const spikes = new Uint8Array(timeSteps * neurons);
    const counts = new Uint32Array(neurons);
    const final = names.map(() => new Float32Array(neurons));
    const traces: Record<string, Float32Array<ArrayBuffer>> = {};
    for (const { range, part } of this.#parts) {
      const result = await part.forward(
        toDense(current, timeSteps, range),
        initial && packStates(initial, range),
      );
      if (result.fired) {
        fromWords(result.fired.words, spikes, timeSteps, range);
        counts.set(result.fired.counts, range.first);
      }
      unpackStates(result.final, final, range);
      for (const [name, values] of result.traces) {
        fromDense(values, traces[name] ??= new Float32Array(timeSteps * neurons), timeSteps, range);
      }
    }
    const v = traces[names[0]!];
    return {
      spikes,
      counts,
      vFinal: final[0]!,
      final: byName(names, final),
      traces,
      ...v && { v },
    };
  }

  /**
   * Goes back through the steps of the last forward call.
   *
   * @param upstream The gradients of the loss for the spikes, the state or both.
   * @returns The gradients of the current, of the initial state and of what is learned.
   * @throws {RangeError} If a gradient has another size, or another name.
   * @throws {TypeError} If there is no gradient, the neurons don't fire, or there was no forward call
   * since the last backward call.
   */
  async backward(upstream: UpstreamGradients): Promise<SimulationGradients> {
    this.#checkUsable();
    if (this.#state !== "forward") {
      throw new TypeError("Cannot go back as each backward call needs a forward call before it");
    }
    const { timeSteps, neurons } = this;
    const names = stateOf(this.#description);
    const { spikes, v } = upstream;
    const what = "Cannot go back through neurons";
    const outer = { ...v && { [names[0]!]: v }, ...upstream.traces };
    if (!spikes && Object.keys(outer).length === 0) {
      throw new TypeError(`${what} as there is no gradient of spikes or v`);
    }
    if (spikes && this.#description.fires === false) {
      throw new TypeError(`${what} as ${this.#description.kind} neurons have no spikes`);
    }
    const constant = spikes?.length === neurons && timeSteps > 1;
    if (spikes && !constant) {
      checkLength(what, "spikes", spikes, timeSteps * neurons, ["T", "N"]);
    }
    this.#checkNames(what, outer);
    for (const [name, values] of Object.entries(outer)) {
      checkLength(what, name, values, timeSteps * neurons, ["T", "N"]);
    }
    this.#state = "backward";
    const x = new Float32Array(timeSteps * neurons);
    const initial = names.map(() => new Float32Array(neurons));
    const tensors = learnedTensors(this.#description);
    const learned = byName(
      tensors.map(({ name }) => name),
      tensors.map(({ first }) => new Float32Array(first.length)),
    );
    for (const { range, part } of this.#parts) {
      const { first, count } = range;
      const result = await part.backward({
        ...spikes && {
          spikes: constant
            ? { over: "constant", values: Float32Array.from(spikes.subarray(first, first + count)) }
            : { over: "dense", values: toDense(spikes, timeSteps, range) },
        },
        traces: Object.fromEntries(
          Object.entries(outer).map(([name, values]) => [name, toDense(values, timeSteps, range)]),
        ),
      });
      fromDense(result.x, x, timeSteps, range);
      unpackStates(result.initial, initial, range);
      for (const { name, offset } of tensors) {
        learned[name]!.forEach((sum, i, sums) => sums[i] = sum + result.learned![offset + i]!);
      }
    }
    const w = learned["w"]?.length === 1 ? { w: learned["w"][0]! } : {};
    return { x, vInit: initial[0]!, initial: byName(names, initial), learned, ...w };
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

  #checkNames(what: string, values: Readonly<Record<string, unknown>>): void {
    const names = stateOf(this.#description);
    const wrong = Object.keys(values).find((name) => !names.includes(name));
    if (wrong === undefined) return;
    throw new RangeError(
      `${what} as the variables of their state are ${names.join(", ")}: current value is ${wrong}`,
    );
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

function byName<Values>(
  names: readonly string[],
  values: readonly Values[],
): Record<string, Values> {
  return Object.fromEntries(names.map((name, k) => [name, values[k]!]));
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
