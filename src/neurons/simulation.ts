import type { Gpu } from "../gpu/gpu.ts";
import type { Dispatch } from "../gpu/kernel.ts";
import { timeQuads, timeWords } from "../signal/time.ts";
import { checkCount } from "../validate.ts";
import {
  compileDecayGradient,
  compileNeuronBackward,
  compileNeuronForward,
  neuronBytes,
  type NeuronDescription,
  type NeuronRun,
  neuronWorkgroups,
} from "./fused.ts";
import type { NeuronLayer } from "./neuron_layer.ts";

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
  readonly #gpu: Gpu;
  readonly #description: NeuronDescription;
  readonly #run: NeuronRun;
  readonly #buffers = new Map<string, GPUBuffer>();
  readonly #backward = new Map<string, Promise<Dispatch[]>>();
  #forward!: Dispatch;
  /** Which call was the last. */
  #state: "new" | "forward" | "backward" | "disposed" = "new";

  private constructor(gpu: Gpu, layer: NeuronLayer, shape: SimulationShape) {
    const what = "Cannot simulate neurons";
    this.#gpu = gpu;
    this.timeSteps = checkCount(what, "timeSteps", shape.timeSteps);
    const sizes = typeof shape.neurons === "number" ? [shape.neurons] : shape.neurons;
    this.neurons = sizes.reduce((n, size) => n * checkCount(what, "neurons", size), 1);
    this.#description = layer.describe();
    this.#run = {
      neurons: this.neurons,
      timeSteps: this.timeSteps,
      storedInitial: true,
      keepState: true,
    };
  }

  /**
   * Compiles a layer for a shape.
   *
   * @param gpu Where it will run.
   * @param layer The neurons.
   * @param shape T and N.
   * @returns The layer, ready to run.
   * @throws {RangeError} If T or N isn't an integer of at least 1, or too large for the device.
   */
  static async compile(
    gpu: Gpu,
    layer: NeuronLayer,
    shape: SimulationShape,
  ): Promise<Simulation> {
    const simulation = new Simulation(gpu, layer, shape);
    const kernel = await compileNeuronForward(gpu, simulation.#description, simulation.#run);
    const bytes = neuronBytes(simulation.#run);
    const names: [string, number][] = [
      ["current", bytes.current],
      ["initial_potential", bytes.each],
      ["spikes", bytes.spikes],
      ["counts", bytes.counts],
      ["final_potential", bytes.each],
    ];
    if (bytes.checkpoints > 0) names.push(["checkpoints", bytes.checkpoints]);
    const { storeV, initialW } = simulation.#description;
    if (storeV) names.push(["potential", bytes.quads]);
    if (initialW !== undefined) names.push(["tau_parameter", 4]);
    for (const [name, size] of names) simulation.#buffer(name, size);
    if (initialW !== undefined) simulation.#write("tau_parameter", Float32Array.of(initialW));
    simulation.#forward = await kernel.bind(
      Object.fromEntries(simulation.#buffers),
      neuronWorkgroups(simulation.neurons),
    );
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
    const { state = "reset" } = options;
    this.#checkUsable();
    checkLength("Cannot simulate neurons", "current", current, this.timeSteps * this.neurons, [
      "T",
      "N",
    ]);
    if (state === "carry") {
      if (this.#state === "new") {
        throw new TypeError("Cannot carry on the state as there was no call before this one");
      }
      this.#copy("final_potential", "initial_potential");
    } else if (state === "reset") {
      this.#write(
        "initial_potential",
        new Float32Array(this.neurons).fill(this.#description.vInit),
      );
    } else {
      checkLength("Cannot simulate neurons", "state", state, this.neurons, ["N"]);
      this.#write("initial_potential", Float32Array.from(state));
    }
    this.#write("current", toQuads(current, this.timeSteps, this.neurons));
    this.#gpu.submit([this.#forward]);
    this.#state = "forward";
    const [spikes, counts, vFinal, v] = await Promise.all([
      this.#read("spikes"),
      this.#read("counts"),
      this.#read("final_potential"),
      this.#description.storeV ? this.#read("potential") : undefined,
    ]);
    const { timeSteps, neurons } = this;
    return {
      spikes: fromWords(new Uint32Array(spikes), timeSteps, neurons),
      counts: new Uint32Array(counts).slice(0, neurons),
      vFinal: new Float32Array(vFinal).slice(0, neurons),
      ...v ? { v: fromQuads(new Float32Array(v), timeSteps, neurons) } : {},
    };
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
    const kind = !spikes ? "none" : constant ? "constant" : "dense";
    const dispatches = await this.#backwardFor(kind, v !== undefined);
    if (spikes) {
      const values = constant ? Float32Array.from(spikes) : toQuads(spikes, timeSteps, neurons);
      this.#write(`spike_gradient ${kind}`, values);
    }
    if (v) this.#write("v_gradient", toQuads(v, timeSteps, neurons));
    this.#gpu.submit(dispatches);
    this.#state = "backward";
    const learned = this.#buffers.has("tau_parameter");
    const [x, vInit, w] = await Promise.all([
      this.#read("current"),
      this.#read("initial_gradient"),
      learned ? this.#read("gradient") : undefined,
    ]);
    return {
      x: fromQuads(new Float32Array(x), timeSteps, neurons),
      vInit: new Float32Array(vInit).slice(0, neurons),
      ...w ? { w: new Float32Array(w)[0]! } : {},
    };
  }

  /** Frees the buffers on the device. */
  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
    this.#state = "disposed";
  }

  /** Calls {@linkcode Simulation.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #backwardFor(kind: "none" | "constant" | "dense", v: boolean): Promise<Dispatch[]> {
    const key = `${kind} ${v}`;
    let dispatches = this.#backward.get(key);
    if (!dispatches) this.#backward.set(key, dispatches = this.#compileBackward(kind, v));
    return dispatches;
  }

  async #compileBackward(kind: "none" | "constant" | "dense", v: boolean): Promise<Dispatch[]> {
    const bytes = neuronBytes(this.#run);
    const learned = this.#buffers.has("tau_parameter");
    this.#buffer("initial_gradient", bytes.each);
    if (v) this.#buffer("v_gradient", bytes.quads);
    if (learned) {
      this.#buffer("decay_gradients", bytes.each);
      this.#buffer("gradient", 4);
    }
    const kernel = await compileNeuronBackward(this.#gpu, this.#description, this.#run, {
      ...kind === "none" ? {} : { spikes: kind },
      v,
      initial: true,
    });
    const resources = {
      ...Object.fromEntries(this.#buffers),
      ...kind === "none" ? {} : {
        spike_gradient: this.#buffer(
          `spike_gradient ${kind}`,
          kind === "constant" ? bytes.each : bytes.quads,
        ),
      },
    };
    const dispatches = [await kernel.bind(resources, neuronWorkgroups(this.neurons))];
    if (learned) {
      const sum = await compileDecayGradient(this.#gpu, this.neurons);
      dispatches.push(await sum.bind(Object.fromEntries(this.#buffers), [1]));
    }
    return dispatches;
  }

  #buffer(name: string, bytes: number): GPUBuffer {
    let buffer = this.#buffers.get(name);
    if (!buffer) this.#buffers.set(name, buffer = this.#gpu.createBuffer(bytes, name));
    return buffer;
  }

  #write(name: string, data: Float32Array<ArrayBuffer>): void {
    this.#gpu.write(this.#buffers.get(name)!, data);
  }

  #read(name: string): Promise<ArrayBuffer> {
    return this.#gpu.read(this.#buffers.get(name)!);
  }

  #copy(from: string, to: string): void {
    const commands = this.#gpu.device.createCommandEncoder();
    const source = this.#buffers.get(from)!;
    commands.copyBufferToBuffer(source, 0, this.#buffers.get(to)!, 0, source.size);
    this.#gpu.device.queue.submit([commands.finish()]);
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

/** From `[T, N]` to quads of time steps, `[ceil(T / 4)][N]`. */
function toQuads(values: Float32Array, timeSteps: number, neurons: number) {
  const quads = new Float32Array(timeQuads(timeSteps) * neurons * 4);
  for (let t = 0; t < timeSteps; t++) {
    const base = (t >> 2) * neurons * 4 + (t & 3);
    for (let n = 0; n < neurons; n++) quads[base + 4 * n] = values[t * neurons + n]!;
  }
  return quads;
}

/** The reverse of {@linkcode toQuads}. */
function fromQuads(quads: Float32Array, timeSteps: number, neurons: number) {
  const values = new Float32Array(timeSteps * neurons);
  for (let t = 0; t < timeSteps; t++) {
    const base = (t >> 2) * neurons * 4 + (t & 3);
    for (let n = 0; n < neurons; n++) values[t * neurons + n] = quads[base + 4 * n]!;
  }
  return values;
}

/** From bits, `[ceil(T / 32)][N]`, to `[T, N]`. */
function fromWords(words: Uint32Array, timeSteps: number, neurons: number) {
  const values = new Uint8Array(timeSteps * neurons);
  for (let word = 0; word < timeWords(timeSteps); word++) {
    for (let t = 32 * word; t < Math.min(timeSteps, 32 * word + 32); t++) {
      for (let n = 0; n < neurons; n++) {
        values[t * neurons + n] = words[word * neurons + n]! >>> (t & 31) & 1;
      }
    }
  }
  return values;
}
