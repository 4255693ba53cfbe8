import type { Gpu } from "../gpu/gpu.ts";
import type { Dispatch } from "../gpu/kernel.ts";
import {
  bindNeurons,
  compileDecayGradient,
  compileNeuronBackward,
  compileNeuronForward,
  neuronBytes,
  type NeuronDescription,
  type NeuronRun,
} from "./fused.ts";

/** Gradients that come into a part, in the layout of the kernels. */
export interface PartGradients {
  /** That of the spikes: a number, or quads of time steps, for each neuron. */
  readonly spikes?: {
    readonly kind: "constant" | "dense";
    readonly values: Float32Array<ArrayBuffer>;
  };
  /** That of the potentials: quads of time steps for each neuron. */
  readonly v?: Float32Array<ArrayBuffer>;
}

/** Neurons of a simulation whose buffers are within the limits of the device, with the fused pair. */
export class SimulationPart {
  readonly #gpu: Gpu;
  readonly #description: NeuronDescription;
  readonly #run: NeuronRun;
  readonly #buffers = new Map<string, GPUBuffer>();
  readonly #backward = new Map<string, Promise<Dispatch[]>>();
  #forward!: Dispatch;

  private constructor(gpu: Gpu, description: NeuronDescription, run: NeuronRun) {
    this.#gpu = gpu;
    this.#description = description;
    this.#run = { ...run, storedInitial: true, keepState: true };
  }

  /**
   * Compiles the neurons.
   *
   * @param gpu Where they will run.
   * @param description The neurons.
   * @param run How many neurons and time steps.
   * @returns The neurons, ready to run.
   */
  static async compile(
    gpu: Gpu,
    description: NeuronDescription,
    run: NeuronRun,
  ): Promise<SimulationPart> {
    const part = new SimulationPart(gpu, description, run);
    const kernel = await compileNeuronForward(gpu, description, part.#run);
    const bytes = neuronBytes(part.#run);
    part.#buffer("current", bytes.current);
    part.#buffer("initial_potential", bytes.each);
    part.#buffer("spikes", bytes.spikes);
    part.#buffer("counts", bytes.counts);
    part.#buffer("final_potential", bytes.each);
    if (bytes.checkpoints > 0) part.#buffer("checkpoints", bytes.checkpoints);
    if (description.storeV) part.#buffer("potential", bytes.quads);
    if (description.initialW !== undefined) {
      gpu.write(part.#buffer("tau_parameter", 4), Float32Array.of(description.initialW));
    }
    part.#forward = await bindNeurons(gpu, kernel, Object.fromEntries(part.#buffers), part.#run);
    return part;
  }

  /**
   * Simulates all time steps.
   *
   * @param current Quads of time steps for each neuron.
   * @param initial The potential before the first step; that of the last call's end without one.
   * @returns Bits of the spikes, counts and potentials, in the layout of the kernels.
   */
  async forward(current: Float32Array<ArrayBuffer>, initial?: Float32Array<ArrayBuffer>): Promise<{
    spikes: Uint32Array<ArrayBuffer>;
    counts: Uint32Array<ArrayBuffer>;
    vFinal: Float32Array<ArrayBuffer>;
    v: Float32Array<ArrayBuffer> | undefined;
  }> {
    if (initial) this.#write("initial_potential", initial);
    else this.#carry();
    this.#write("current", current);
    this.#gpu.submit([this.#forward]);
    const [spikes, counts, vFinal, v] = await Promise.all([
      this.#read("spikes"),
      this.#read("counts"),
      this.#read("final_potential"),
      this.#description.storeV ? this.#read("potential") : undefined,
    ]);
    const { neurons } = this.#run;
    return {
      spikes: new Uint32Array(spikes),
      counts: new Uint32Array(counts).subarray(0, neurons),
      vFinal: new Float32Array(vFinal).subarray(0, neurons),
      v: v && new Float32Array(v),
    };
  }

  /**
   * Goes back through the steps of the last forward call.
   *
   * @param upstream The gradients that come in.
   * @returns The gradients of the current, in quads, of the initial potential and of w.
   */
  async backward(upstream: PartGradients): Promise<{
    x: Float32Array<ArrayBuffer>;
    vInit: Float32Array<ArrayBuffer>;
    w: number | undefined;
  }> {
    const { spikes, v } = upstream;
    const key = `${spikes?.kind} ${v !== undefined}`;
    let dispatches = this.#backward.get(key);
    if (!dispatches) this.#backward.set(key, dispatches = this.#compileBackward(upstream));
    const ready = await dispatches;
    if (spikes) this.#write(`spike_gradient ${spikes.kind}`, spikes.values);
    if (v) this.#write("v_gradient", v);
    this.#gpu.submit(ready);
    const [x, vInit, w] = await Promise.all([
      this.#read("current"),
      this.#read("initial_gradient"),
      this.#buffers.has("tau_parameter") ? this.#read("gradient") : undefined,
    ]);
    return {
      x: new Float32Array(x),
      vInit: new Float32Array(vInit).subarray(0, this.#run.neurons),
      w: w && new Float32Array(w)[0]!,
    };
  }

  /** Frees the buffers on the device. */
  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }

  async #compileBackward({ spikes, v }: PartGradients): Promise<Dispatch[]> {
    const bytes = neuronBytes(this.#run);
    const learned = this.#buffers.has("tau_parameter");
    this.#buffer("initial_gradient", bytes.each);
    if (v) this.#buffer("v_gradient", bytes.quads);
    if (learned) {
      this.#buffer("decay_gradients", bytes.each);
      this.#buffer("gradient", 4);
    }
    const kernel = await compileNeuronBackward(this.#gpu, this.#description, this.#run, {
      ...spikes ? { spikes: spikes.kind } : {},
      v: v !== undefined,
      initial: true,
    });
    const resources = { ...Object.fromEntries(this.#buffers) };
    if (spikes) {
      const size = spikes.kind === "constant" ? bytes.each : bytes.quads;
      resources["spike_gradient"] = this.#buffer(`spike_gradient ${spikes.kind}`, size);
    }
    const dispatches = [await bindNeurons(this.#gpu, kernel, resources, this.#run)];
    if (learned) {
      const sum = await compileDecayGradient(this.#gpu, this.#run.neurons);
      dispatches.push(await sum.bind(resources, [1]));
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

  /** Takes the potential at the end of the last call as that at the start of the next. */
  #carry(): void {
    const commands = this.#gpu.device.createCommandEncoder();
    const source = this.#buffers.get("final_potential")!;
    const target = this.#buffers.get("initial_potential")!;
    commands.copyBufferToBuffer(source, 0, target, 0, source.size);
    this.#gpu.device.queue.submit([commands.finish()]);
  }
}
