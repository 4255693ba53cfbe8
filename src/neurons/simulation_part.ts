import type { Gpu } from "../gpu/gpu.ts";
import type { Dispatch } from "../gpu/dispatch.ts";
import { type NeuronDescription, stateOf } from "./model.ts";
import { firstLearned } from "./pair/learned.ts";
import { compilePair, type NeuronPair } from "./pair/pair.ts";
import { type NeuronBytes, neuronBytes, type NeuronRun } from "./pair/run.ts";

/** Gradients that come into a part, in the layout of the kernels. */
export interface PartGradients {
  /** That of the spikes: a number, or quads of time steps, for each neuron. */
  readonly spikes?: {
    readonly over: "constant" | "dense";
    readonly values: Float32Array<ArrayBuffer>;
  };
  /** Those of the state after each step, by variable: quads of time steps for each neuron. */
  readonly traces: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
}

/** Neurons of a simulation whose buffers are within the limits of the device. */
export class SimulationPart {
  readonly #gpu: Gpu;
  readonly #run: NeuronRun;
  readonly #bytes: NeuronBytes;
  readonly #buffers = new Map<string, GPUBuffer>();
  readonly #backward = new Map<string, Promise<Dispatch[]>>();
  #pair!: NeuronPair;

  private constructor(gpu: Gpu, run: NeuronRun, variables: number) {
    this.#gpu = gpu;
    this.#run = run;
    this.#bytes = neuronBytes(run, variables);
  }

  /**
   * Compiles the neurons.
   *
   * @param gpu Where they will run.
   * @param description The neurons.
   * @param run How many neurons and time steps, and what is kept.
   * @returns The neurons, ready to run.
   */
  static async compile(
    gpu: Gpu,
    description: NeuronDescription,
    run: NeuronRun,
  ): Promise<SimulationPart> {
    const whole = { ...run, keepState: true };
    const part = new SimulationPart(gpu, whole, stateOf(description).length);
    const first = firstLearned(description);
    const learned = first && part.#buffer("learned", first.byteLength);
    if (learned) gpu.write(learned, first);
    part.#pair = await compilePair(gpu, description, whole, {
      current: part.#buffer("current", part.#bytes.current),
      learned,
      buffer: (bytes, label) => part.#buffer(label, bytes),
    });
    return part;
  }

  /**
   * Simulates all time steps.
   *
   * @param current Quads of time steps for each neuron.
   * @param initial The state before the first step; that of the last call's end without one.
   * @returns Bits of the spikes, counts, what is kept of the state and the last one, in the layout of the
   * kernels.
   */
  async forward(current: Float32Array<ArrayBuffer>, initial?: Float32Array<ArrayBuffer>): Promise<{
    fired: { words: Uint32Array<ArrayBuffer>; counts: Uint32Array<ArrayBuffer> } | undefined;
    traces: [name: string, values: Float32Array<ArrayBuffer>][];
    final: Float32Array<ArrayBuffer>;
  }> {
    const { forward, fired, traces } = this.#pair;
    const kept = this.#pair.kept!;
    if (initial) this.#gpu.write(kept.initial.buffer, initial);
    else this.#carry();
    this.#write("current", current);
    this.#gpu.submit([forward]);
    const [words, counts, states, ...values] = await Promise.all([
      fired && this.#gpu.read(fired.spikes),
      fired && this.#gpu.read(fired.counts),
      this.#gpu.read(kept.final.buffer),
      ...Object.values(traces).map((trace) => this.#gpu.read(trace)),
    ]);
    return {
      fired: words && counts &&
        {
          words: new Uint32Array(words),
          counts: new Uint32Array(counts).subarray(0, this.#run.neurons),
        },
      traces: Object.keys(traces).map((name, k) => [name, new Float32Array(values[k]!)]),
      final: new Float32Array(states!, kept.final.offset, kept.final.size / 4),
    };
  }

  /**
   * Goes back through the steps of the last forward call.
   *
   * @param upstream The gradients that come in.
   * @returns The gradients of the current, in quads, of the initial state and of all that is learned.
   */
  async backward(upstream: PartGradients): Promise<{
    x: Float32Array<ArrayBuffer>;
    initial: Float32Array<ArrayBuffer>;
    learned: Float32Array<ArrayBuffer> | undefined;
  }> {
    const { spikes, traces } = upstream;
    const key = [spikes?.over, ...Object.keys(traces)].join();
    let dispatches = this.#backward.get(key);
    if (!dispatches) this.#backward.set(key, dispatches = this.#compileBackward(upstream));
    const ready = await dispatches;
    if (spikes) this.#write(`${spikes.over} gradient`, spikes.values);
    for (const [name, values] of Object.entries(traces)) {
      this.#write(`gradient of ${name}`, values);
    }
    this.#gpu.submit(ready);
    const gradient = this.#buffers.get("learned gradient");
    const [x, initial, learned] = await Promise.all([
      this.#read("current"),
      this.#read("initial gradient"),
      gradient && this.#gpu.read(gradient),
    ]);
    return {
      x: new Float32Array(x),
      initial: new Float32Array(initial),
      learned: learned && new Float32Array(learned),
    };
  }

  /** Frees the buffers on the device. */
  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }

  #compileBackward({ spikes, traces }: PartGradients): Promise<Dispatch[]> {
    const { each, quads, states } = this.#bytes;
    const learned = this.#buffers.get("learned");
    return this.#pair.backward({
      output: spikes && {
        over: spikes.over,
        buffer: this.#buffer(`${spikes.over} gradient`, spikes.over === "constant" ? each : quads),
      },
      traces: Object.fromEntries(
        Object.keys(traces).map((name) => [name, this.#buffer(`gradient of ${name}`, quads)]),
      ),
      initial: this.#buffer("initial gradient", states),
      learned: learned && this.#buffer("learned gradient", learned.size),
    });
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

  /** Takes the state at the end of the last call as that at the start of the next. */
  #carry(): void {
    const { initial, final } = this.#pair.kept!;
    // Nothing is copied within a buffer.
    const between = this.#buffer("carried state", final.size);
    const commands = this.#gpu.device.createCommandEncoder();
    commands.copyBufferToBuffer(final.buffer, final.offset, between, 0, final.size);
    commands.copyBufferToBuffer(between, 0, initial.buffer, initial.offset, final.size);
    this.#gpu.device.queue.submit([commands.finish()]);
  }
}
