import type { Gpu } from "../gpu/gpu.ts";
import { type Dispatch, workgroupsFor } from "../gpu/kernel.ts";
import type { LearnedRange, NeuronModel } from "./neuron_model.ts";
import { learnedOf, neuronEquations } from "./pair/equations.ts";
import {
  bindNeurons,
  compileLearnedGradient,
  compileNeuronBackward,
  compileNeuronForward,
  LANES,
  neuronBytes,
  type NeuronRun,
} from "./pair/pair.ts";

/** Gradients that come into a part, in the layout of the kernels. */
export interface PartGradients {
  /** That of the spikes: a number, or quads of time steps, for each neuron. */
  readonly spikes?: {
    readonly form: "constant" | "dense";
    readonly values: Float32Array<ArrayBuffer>;
  };
  /** That of the potentials: quads of time steps for each neuron. */
  readonly v?: Float32Array<ArrayBuffer>;
}

/** The gradient of what is learned under a name. */
export interface LearnedGradient {
  /** The name. */
  readonly name: string;
  /** Whether there is a number for each neuron. */
  readonly each: boolean;
  /** One number, or one for each neuron. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** Neurons of a simulation whose buffers are within the limits of the device, with the pair of kernels. */
export class SimulationPart {
  readonly #gpu: Gpu;
  readonly #model: NeuronModel;
  readonly #learned: readonly LearnedRange[];
  readonly #run: NeuronRun;
  readonly #buffers = new Map<string, GPUBuffer>();
  readonly #backward = new Map<string, Promise<Dispatch[]>>();
  #forward!: Dispatch;

  private constructor(gpu: Gpu, model: NeuronModel, run: NeuronRun) {
    this.#gpu = gpu;
    this.#model = { ...model, storeV: model.storeV || !model.firing };
    this.#learned = learnedOf(model);
    this.#run = { ...run, storedInitial: true, keepState: true };
  }

  /**
   * Compiles the neurons.
   *
   * @param gpu Where they will run.
   * @param model The neurons.
   * @param run How many neurons and time steps.
   * @returns The neurons, ready to run.
   */
  static async compile(gpu: Gpu, model: NeuronModel, run: NeuronRun): Promise<SimulationPart> {
    const part = new SimulationPart(gpu, model, run);
    const kernel = await compileNeuronForward(gpu, part.#model, part.#run);
    const { each } = neuronEquations(model, run.neurons);
    const bytes = part.#bytes;
    part.#buffer("current", bytes.current);
    part.#buffer("initial_state", bytes.state);
    part.#buffer("final_state", bytes.state);
    if (model.firing) {
      part.#buffer("spikes", bytes.spikes);
      part.#buffer("counts", bytes.counts);
    }
    if (bytes.checkpoints > 0) part.#buffer("checkpoints", bytes.checkpoints);
    if (part.#model.storeV) part.#buffer("potential", bytes.quads);
    if (each.length > 0) gpu.write(part.#buffer("constants", each.byteLength), each);
    if (part.#learned.length > 0) {
      const initial = part.#learned.flatMap(({ initial }) =>
        typeof initial === "number" ? [initial] : [...initial]
      );
      gpu.write(part.#buffer("learned", initial.length * 4), Float32Array.from(initial));
    }
    part.#forward = await bindNeurons(gpu, kernel, Object.fromEntries(part.#buffers), part.#run);
    return part;
  }

  /**
   * Simulates all time steps.
   *
   * @param current Quads of time steps for each neuron.
   * @param initial The variables of the state before the first step; those of the last call's end without.
   * @returns Bits of the spikes, counts, potentials and the variables of the state after the last step.
   */
  async forward(
    current: Float32Array<ArrayBuffer>,
    initial?: readonly Float32Array[],
  ): Promise<{
    spikes: Uint32Array<ArrayBuffer> | undefined;
    counts: Uint32Array<ArrayBuffer> | undefined;
    v: Float32Array<ArrayBuffer> | undefined;
    state: Float32Array<ArrayBuffer>[];
  }> {
    if (initial) this.#write("initial_state", this.#interleave(initial));
    else this.#carry();
    this.#write("current", current);
    this.#gpu.submit([this.#forward]);
    const { firing, storeV } = this.#model;
    const [spikes, counts, state, v] = await Promise.all([
      firing && this.#read("spikes"),
      firing && this.#read("counts"),
      this.#read("final_state"),
      storeV ? this.#read("potential") : undefined,
    ]);
    return {
      spikes: spikes && new Uint32Array(spikes),
      counts: counts && new Uint32Array(counts).subarray(0, this.#run.neurons),
      v: v && new Float32Array(v),
      state: this.#separate(new Float32Array(state!)),
    };
  }

  /**
   * Goes back through the steps of the last forward call.
   *
   * @param upstream The gradients that come in.
   * @returns The gradients of the current, in quads, of the initial state and of what is learned.
   */
  async backward(upstream: PartGradients): Promise<{
    x: Float32Array<ArrayBuffer>;
    state: Float32Array<ArrayBuffer>[];
    learned: LearnedGradient[];
  }> {
    const { spikes, v } = upstream;
    const key = `${spikes?.form} ${v !== undefined}`;
    let dispatches = this.#backward.get(key);
    if (!dispatches) this.#backward.set(key, dispatches = this.#compileBackward(upstream));
    const ready = await dispatches;
    if (spikes) this.#write(`spike_gradient ${spikes.form}`, spikes.values);
    if (v) this.#write("v_gradient", v);
    this.#gpu.submit(ready);
    const [x, state, gradient] = await Promise.all([
      this.#read("current"),
      this.#read("initial_gradient"),
      this.#learned.length > 0 ? this.#read("gradient") : undefined,
    ]);
    const numbers = new Float32Array(gradient ?? new ArrayBuffer(0));
    return {
      x: new Float32Array(x!),
      state: this.#separate(new Float32Array(state!)),
      learned: this.#learned.map(({ learned: name, initial, first, length }) => ({
        name,
        each: typeof initial !== "number",
        values: numbers.slice(first, first + length),
      })),
    };
  }

  /** Frees the buffers on the device. */
  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }

  async #compileBackward({ spikes, v }: PartGradients): Promise<Dispatch[]> {
    const bytes = this.#bytes;
    const learned = this.#learned;
    this.#buffer("initial_gradient", bytes.state);
    if (v) this.#buffer("v_gradient", bytes.quads);
    if (learned.length > 0) {
      this.#buffer("shares", learned.length * bytes.each);
      this.#buffer("gradient", this.#buffers.get("learned")!.size);
    }
    const kernel = await compileNeuronBackward(this.#gpu, this.#model, this.#run, {
      ...spikes ? { spikes: spikes.form } : {},
      ...v ? { v: "dense" } : {},
      initial: true,
    });
    const resources = { ...Object.fromEntries(this.#buffers) };
    if (spikes) {
      const size = spikes.form === "constant" ? bytes.each : bytes.quads;
      resources["spike_gradient"] = this.#buffer(`spike_gradient ${spikes.form}`, size);
    }
    const dispatches = [await bindNeurons(this.#gpu, kernel, resources, this.#run)];
    for (const [place, range] of learned.entries()) {
      const sum = await compileLearnedGradient(this.#gpu, this.#run, range, place);
      const groups = range.length > 1 ? workgroupsFor(range.length, LANES) : [1] as [number];
      dispatches.push(await sum.bind(resources, groups));
    }
    return dispatches;
  }

  get #bytes(): ReturnType<typeof neuronBytes> {
    return neuronBytes(this.#run, this.#model.state.length);
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

  /** Numbers of a neuron in a buffer of states: three variables take the room of four. */
  get #stride(): number {
    const size = this.#model.state.length;
    return size === 3 ? 4 : size;
  }

  #interleave(state: readonly Float32Array[]): Float32Array<ArrayBuffer> {
    const stride = this.#stride;
    const all = new Float32Array(this.#run.neurons * stride);
    state.forEach((values, k) => values.forEach((value, n) => all[n * stride + k] = value));
    return all;
  }

  #separate(all: Float32Array): Float32Array<ArrayBuffer>[] {
    const stride = this.#stride;
    return this.#model.state.map((_, k) =>
      Float32Array.from({ length: this.#run.neurons }, (_, n) => all[n * stride + k]!)
    );
  }

  /** Takes the state at the end of the last call as that at the start of the next. */
  #carry(): void {
    const commands = this.#gpu.device.createCommandEncoder();
    const source = this.#buffers.get("final_state")!;
    const target = this.#buffers.get("initial_state")!;
    commands.copyBufferToBuffer(source, 0, target, 0, source.size);
    this.#gpu.device.queue.submit([commands.finish()]);
  }
}
