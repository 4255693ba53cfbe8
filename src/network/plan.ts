import { neuron } from "../../kernels/mod.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { CompiledLayer, Layer } from "../layers/layer.ts";
import { GpuOutOfMemoryError, KernelError } from "../gpu/errors.ts";
import type { Gpu, Reading } from "../gpu/gpu.ts";
import { type Dispatch, Recorder, type StepBuffer, workgroupsFor } from "../gpu/kernel.ts";
import { BYTES_A_TEXEL } from "../gpu/texels.ts";
import type { Loss } from "../losses/loss.ts";
import { NeuronLayer } from "../neurons/neuron_layer.ts";
import type { Optimizer, OptimizerState } from "../optimizers/optimizer.ts";
import type { Compilation, Parameter, Phase, PixelTiles } from "../signal/compilation.ts";
import type { ConstantSignal, Signal, SpikeSignal } from "../signal/signal.ts";
import { checkCount } from "../validate.ts";
import { compileEventStep, type EventStep } from "./event_step.ts";
import type { PixelLists } from "./pixel_lists.ts";
import { PixelStore } from "./pixel_store.ts";
import { blocksOf, FeatureTiles, SampleTiles, TILE } from "./pixel_tiles.ts";
import type { Sequential } from "./sequential.ts";

/** What a plan is compiled for. */
export interface PlanOptions {
  /** The network. */
  readonly network: Sequential;
  /** How images become signals. */
  readonly encoder: Encoder;
  /** The loss. */
  readonly loss: Loss;
  /** The optimizer. */
  readonly optimizer: Optimizer;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Samples of a batch. */
  readonly batchSize: number;
  /** Features of an input image. */
  readonly features: number;
  /**
   * Columns of an input image: kernels that read images take neighbouring pixels together.
   *
   * @default {features}
   */
  readonly width?: number;
  /**
   * Whether it runs single images to look at: layers of neurons keep their potentials, and nothing is
   * learned.
   *
   * @default {false}
   */
  readonly records?: boolean;
}

/** One step of a chunk. */
export interface PlanStep {
  /** The key of its random numbers. */
  readonly key: number;
  /** What the optimizer varies; none for a step that doesn't learn. */
  readonly optimizer?: readonly [number, number, number, number];
  /** The lists that the batch is taken from. */
  readonly lists: PixelLists;
  /** The images of the batch, by their index in the lists: at most `batchSize`. */
  readonly images: Uint32Array;
}

/** What a step reports. */
export interface StepMetrics {
  /** The sum of the samples' losses. */
  readonly loss: number;
  /** How many samples were classified correctly. */
  readonly correct: number;
  /** The class that each sample was given, in the order of the step's images. */
  readonly answers: Uint32Array<ArrayBuffer>;
}

/** A layer of neurons in a plan. */
export interface PlanNeurons {
  /** The layer's index in the network. */
  readonly layer: number;
  /** The kind of neurons. */
  readonly kind: string;
  /** Their spikes. */
  readonly output: SpikeSignal;
  /** u32 `[features]`: spikes over all samples of the steps that didn't learn. */
  readonly spikeSums: GPUBuffer;
}

/** Who asked for memory: a layer by its index, or what its name says. */
export type MemoryOwner = number | "encoder" | "loss" | "optimizer" | "plan";

/** A buffer or a texture of a plan. */
export interface PlanMemory {
  /** Who asked for it. */
  readonly owner: MemoryOwner;
  /** Its name in messages. */
  readonly label: string;
  /** Its size on the device. */
  readonly bytes: number;
}

/** What the list of a sample can tell apart: a feature is 24 bits of an entry. */
const MOST_FEATURES = 2 ** 24;
/** Steps that a chunk holds at most: one submit. */
const CHUNK_STEPS = 256;
/** Bytes of a chunk's lists of pixels at most, where none stay on the device. */
const CHUNK_BYTES = 1 << 23;
/** Lanes of a workgroup in `kernels/neuron/spike_sums.wgsl`. */
const SUM_LANES = 64;
/** Samples that a lane adds up there. */
const SUM_SAMPLES = 16;

/**
 * A network compiled for a batch size and T: every buffer allocated, every kernel bound. Steps run
 * in chunks, one submit each.
 */
export class Plan implements Compilation, Disposable {
  /** Where it runs. */
  readonly gpu: Gpu;
  /** Samples of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Features of an input image. */
  readonly features: number;
  /** One record a step. */
  readonly steps: StepBuffer;
  /** One record a sample, for each step. */
  readonly samples: StepBuffer;
  /** What each step of a chunk reports. */
  readonly metrics: GPUBuffer;
  /** How many steps a chunk can hold. */
  readonly chunkSteps: number;
  /** What is learned: one entry for each layer, those that learn nothing left undefined. */
  readonly parameters: (Parameter | undefined)[] = [];
  /** What the optimizer keeps of each layer's parameter. */
  readonly optimizerStates: OptimizerState[] = [];
  /** The layers of neurons. */
  readonly neurons: PlanNeurons[] = [];
  /** Whether layers of neurons keep the potential after each step. */
  readonly storesV: boolean;
  readonly #width: number;
  /** What each layer gives. */
  readonly signals: Signal[] = [];
  readonly #phases: Record<Phase, Dispatch[]> = {
    forward: [],
    evaluate: [],
    backward: [],
    update: [],
  };
  /** Texels of the longest lists that a step can have. */
  readonly #stepTexels: number;
  #store: PixelStore | undefined;
  /** The lists of a step that go into tiles: kept, since they are large. */
  #lists = new Uint32Array(0);
  #sampleTiles: SampleTiles | undefined;
  #featureTiles: FeatureTiles | undefined;
  readonly #memory = new Map<GPUBuffer | GPUTexture, PlanMemory>();
  /** Who asks for memory at the moment. */
  #owner: MemoryOwner = "plan";
  #fused = false;
  /** Submits the steps that are ready. */
  #ready: (() => void) | undefined;
  #input: Signal | undefined;
  #output: SpikeSignal | ConstantSignal | undefined;

  private constructor(gpu: Gpu, options: PlanOptions) {
    this.gpu = gpu;
    this.batchSize = options.batchSize;
    this.timeSteps = options.timeSteps;
    this.features = options.features;
    this.#width = options.width ?? options.features;
    this.storesV = options.records ?? false;
    this.#stepTexels = options.batchSize * Math.ceil(options.features / 4);
    const bytes = Math.max(CHUNK_BYTES, gpu.preset.keptPixelBytes);
    const most = Math.floor(bytes / (this.#stepTexels * BYTES_A_TEXEL));
    this.chunkSteps = Math.max(1, Math.min(CHUNK_STEPS, most));
    this.steps = this.#window(32, "steps");
    this.samples = this.#window(16 * options.batchSize, "samples");
    this.metrics = this.buffer(this.chunkSteps * this.#reportBytes, "metrics");
  }

  /**
   * Compiles a network.
   *
   * @param gpu Where it will run.
   * @param options The network and what it is compiled for.
   * @returns The plan.
   * @throws {TypeError | RangeError} If the layers don't fit together, or T, the batch size or the
   * features aren't integers of at least 1. Nothing is left on the device then.
   */
  static async compile(gpu: Gpu, options: PlanOptions): Promise<Plan> {
    for (const name of ["timeSteps", "batchSize", "features"] as const) {
      checkCount("Cannot compile a network", name, options[name]);
    }
    const width = checkCount(
      "Cannot compile a network",
      "width",
      options.width ?? options.features,
    );
    if (options.features % width !== 0) {
      throw new RangeError(
        `Cannot compile a network for images of ${options.features} features in rows of ${width}`,
      );
    }
    if (options.features > MOST_FEATURES) {
      throw new RangeError(
        `Cannot compile a network for ${options.features} features: it can be ${MOST_FEATURES} at most`,
      );
    }
    options.network.outputFeatures(options.features);
    const plan = new Plan(gpu, options);
    try {
      await plan.#compile(options);
    } catch (error) {
      plan.dispose();
      throw error;
    }
    return plan;
  }

  async #compile({ network, encoder, loss, optimizer }: PlanOptions): Promise<void> {
    const { layers } = network;
    const input = await this.#ask("encoder", () => encoder.compile(this));
    const step = await this.#compileEventStep(layers, input, loss);
    this.#input = input;
    this.#fused = step !== undefined;
    const compiled = step?.layers ?? await this.#compileLayers(layers, input);
    for (const { parameter, output } of compiled) {
      this.parameters.push(parameter);
      this.signals.push(output);
    }
    const { output } = compiled.at(-1)!;
    if (output.kind !== "spikes" && output.kind !== "constant") {
      throw new TypeError(
        `Cannot compile a network that ends in ${output.kind}: end it in neurons, or in values that ` +
          `are the same at each time step`,
      );
    }
    this.#output = output;
    await this.#compileSpikeSums(layers);
    if (this.storesV) return;
    if (!step?.reports) await this.#compileLoss(layers, compiled, loss);
    for (const [i, parameter] of this.parameters.entries()) {
      if (!parameter) continue;
      this.optimizerStates[i] = await this.#ask(
        "optimizer",
        () => optimizer.compile(this, parameter),
      );
    }
  }

  /** The loss, and the way back of its gradient. */
  async #compileLoss(
    layers: readonly Layer[],
    compiled: readonly CompiledLayer[],
    loss: Loss,
  ): Promise<void> {
    let gradient = await this.#ask("loss", () => loss.compile(this, this.#output!));
    const firstLearning = compiled.findIndex(({ parameter }) => parameter);
    for (let i = compiled.length - 1; i >= Math.max(0, firstLearning); i--) {
      const back = await this.#askLayer(
        layers,
        i,
        () => compiled[i]!.backward(gradient, i > firstLearning),
      );
      if (!back) break;
      gradient = back;
    }
  }

  async #compileSpikeSums(layers: readonly Layer[]): Promise<void> {
    for (const [layer, { kind }] of layers.entries()) {
      const output = this.signals[layer]!;
      if (!(layers[layer] instanceof NeuronLayer) || output.kind !== "spikes") continue;
      const { features, counts } = output;
      const spikeSums = this.buffer(features * 4, "spike sums");
      const kernel = await this.gpu.compile({
        name: "neuron/spike_sums",
        texts: [neuron.spikeSums],
        values: { batch: this.batchSize, features, samples: SUM_SAMPLES },
      });
      const buffers = { step: this.steps, counts, spike_sums: spikeSums };
      const lanes = Math.ceil(this.batchSize / SUM_SAMPLES) * features;
      this.add("evaluate", await kernel.bind(buffers, workgroupsFor(lanes, SUM_LANES)));
      this.neurons.push({ layer, kind, output, spikeSums });
    }
  }

  async #compileEventStep(
    layers: readonly Layer[],
    input: Signal,
    loss: Loss,
  ): Promise<EventStep | undefined> {
    const neurons = layers.findIndex((layer) => layer instanceof NeuronLayer);
    const step = await this.#ask(neurons, () => compileEventStep(this, layers, input, loss));
    step?.layers.forEach(({ parameter }, owner) => {
      if (!parameter) return;
      for (const buffer of [parameter.values, parameter.gradient]) {
        this.#memory.set(buffer, { ...this.#memory.get(buffer)!, owner });
      }
    });
    return step;
  }

  async #compileLayers(layers: readonly Layer[], input: Signal): Promise<CompiledLayer[]> {
    const compiled: CompiledLayer[] = [];
    for (const [i, layer] of layers.entries()) {
      const signal = compiled.at(-1)?.output ?? input;
      compiled.push(await this.#askLayer(layers, i, () => layer.compile(this, signal)));
    }
    return compiled;
  }

  /** Lets a part of the network compile what it needs. */
  async #ask<T>(owner: MemoryOwner, compile: () => Promise<T>): Promise<T> {
    this.#owner = owner;
    try {
      return await compile();
    } finally {
      this.#owner = "plan";
    }
  }

  /** The same for a layer: errors say which it is. */
  async #askLayer<T>(
    layers: readonly Layer[],
    index: number,
    compile: () => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#ask(index, compile);
    } catch (error) {
      throw locate(error, `layer ${index} (${layers[index]!.kind})`);
    }
  }

  /** The plan's buffers and textures. */
  get memory(): PlanMemory[] {
    return [...this.#memory.values()];
  }

  /** The signal that the encoder makes. */
  get input(): Signal {
    return this.#input!;
  }

  /** Whether the whole step is one kernel, so that signals between layers are never stored. */
  get fused(): boolean {
    return this.#fused;
  }

  /** The lists of the images' pixels; they are there once they are asked for. */
  get pixels(): GPUTexture {
    if (!this.#store) {
      const kept = this.storesV ? 0 : this.gpu.preset.keptPixelBytes / BYTES_A_TEXEL;
      const texels = Math.max(this.chunkSteps * this.#stepTexels, kept);
      this.#store = new PixelStore(this.texture(texels, "pixels"), texels);
    }
    return this.#store.texture;
  }

  /**
   * The pixels of each step by tiles of samples or features; those by features are there in
   * steps that learn.
   *
   * @param of What makes a tile.
   * @returns The tiles; they are made once they are asked for.
   */
  tiles(of: "samples" | "features"): PixelTiles {
    const { batchSize, features, chunkSteps } = this;
    const make = (tiles: number, entries: number) =>
      [
        this.#window(8 * tiles, `tiles of ${of}`),
        this.texture(chunkSteps * tiles * (entries + 1), `pixels by tiles of ${of}`),
      ] as const;
    if (of === "samples") {
      return this.#sampleTiles ??= new SampleTiles(
        ...make(Math.ceil(batchSize / TILE), features),
        batchSize,
        features,
      );
    }
    const blocks = blocksOf(features, this.#width);
    return this.#featureTiles ??= new FeatureTiles(...make(blocks.count + 1, batchSize), blocks);
  }

  /** Of what a step reports: the loss and the answer of each sample. */
  get #reportBytes(): number {
    return 8 * this.batchSize;
  }

  #window(size: number, label: string): StepBuffer {
    const stride = Math.ceil(size / 256) * 256;
    return { buffer: this.buffer(stride * this.chunkSteps, label), stride, size };
  }

  /**
   * Makes a buffer that lives as long as the plan.
   *
   * @param bytes Its size.
   * @param label Its name in messages.
   * @returns The buffer, all zeros.
   */
  buffer(bytes: number, label: string): GPUBuffer {
    const buffer = this.gpu.createBuffer(bytes, label);
    this.#memory.set(buffer, { owner: this.#owner, label, bytes: buffer.size });
    return buffer;
  }

  /**
   * Makes a texture that lives as long as the plan.
   *
   * @param texels How many vec4 of u32 it holds.
   * @param label Its name in messages.
   * @returns The texture, all zeros.
   */
  texture(texels: number, label: string): GPUTexture {
    const texture = this.gpu.createTexture(texels, label);
    const bytes = texture.width * texture.height * BYTES_A_TEXEL;
    this.#memory.set(texture, { owner: this.#owner, label, bytes });
    return texture;
  }

  /**
   * Adds a dispatch to the end of a phase.
   *
   * @param phase When it runs.
   * @param dispatch What runs.
   */
  add(phase: Phase, dispatch: Dispatch): void {
    this.#phases[phase].push(dispatch);
  }

  /**
   * Runs steps, in order.
   *
   * @param steps At most {@linkcode Plan.chunkSteps} steps of at most `batchSize` samples.
   * @returns What each step reports. The steps are submitted when the call returns its promise.
   * @throws {RangeError} If there are more.
   */
  async run(steps: readonly PlanStep[]): Promise<StepMetrics[]> {
    return await this.prepare(steps)()();
  }

  /**
   * Makes steps ready to be submitted. They are submitted as soon as others are made ready.
   *
   * @param steps At most {@linkcode Plan.chunkSteps} steps of at most `batchSize` samples.
   * @returns What submits them, and gives what reads their reports.
   * @throws {RangeError} If there are more.
   */
  prepare(steps: readonly PlanStep[]): () => Reading<StepMetrics[]> {
    const commands = this.#encode(steps);
    const bytes = steps.length * this.#reportBytes;
    let submitted: Reading<ArrayBuffer> | undefined;
    const submit = () => {
      this.#ready = undefined;
      return submitted ??= this.gpu.submitReading(commands, this.metrics, bytes);
    };
    this.#ready = submit;
    return () => {
      const reading = submitted ?? submit();
      return async () => {
        const reports = new Float32Array(await reading());
        return steps.map((step, i) =>
          metricsOf(step, reports.subarray(2 * this.batchSize * i, 2 * this.batchSize * (i + 1)))
        );
      };
    };
  }

  /**
   * Runs steps, in order, without waiting for them.
   *
   * @param steps At most {@linkcode Plan.chunkSteps} steps of at most `batchSize` samples.
   * @throws {RangeError} If there are more.
   */
  submit(steps: readonly PlanStep[]): void {
    this.gpu.device.queue.submit([this.#encode(steps).finish()]);
  }

  #encode(steps: readonly PlanStep[]): GPUCommandEncoder {
    // Else they would find the records of these.
    this.#ready?.();
    if (steps.length > this.chunkSteps) {
      throw new RangeError(
        `Cannot run ${steps.length} steps at once as a chunk of this plan holds ${this.chunkSteps}`,
      );
    }
    const stepWords = new Uint32Array(steps.length * this.steps.stride / 4);
    const stepFloats = new Float32Array(stepWords.buffer);
    const sampleWords = new Uint32Array(steps.length * this.samples.stride / 4);
    this.#store?.load(this.gpu, steps);
    this.#sampleTiles?.start(steps.length);
    this.#featureTiles?.start(steps.length);
    steps.forEach((step, i) => {
      const record = i * this.steps.stride / 4;
      const { key, optimizer, lists, images } = step;
      stepWords.set([key, i, images.length, optimizer ? 1 : 0], record);
      if (optimizer) stepFloats.set(optimizer, record + 4);
      let at = i * this.samples.stride / 4;
      for (const image of images) {
        sampleWords[at] = this.#store?.firstOf(lists, image) ?? 0;
        sampleWords[at + 1] = lists.lengthOf(image);
        sampleWords[at + 2] = lists.labels[image]!;
        at += 4;
      }
      if (this.#sampleTiles) this.#addTiles(i, step);
    });
    this.gpu.write(this.steps.buffer, stepWords);
    this.gpu.write(this.samples.buffer, sampleWords);
    this.#sampleTiles?.write(this.gpu);
    this.#featureTiles?.write(this.gpu);
    const recorder = new Recorder(this.gpu.device);
    const { forward, evaluate, backward, update } = this.#phases;
    steps.forEach((step, i) => {
      for (const dispatch of forward) dispatch.encode(recorder, i);
      if (!step.optimizer) {
        for (const dispatch of evaluate) dispatch.encode(recorder, i);
        return;
      }
      for (const dispatch of backward) dispatch.encode(recorder, i);
      for (const dispatch of update) dispatch.encode(recorder, i);
    });
    return recorder.end();
  }

  /** Adds the lists of a step to those of its tiles. */
  #addTiles(index: number, { lists, images, optimizer }: PlanStep): void {
    const first: number[] = [];
    const length = Array.from(images, (image) => lists.lengthOf(image));
    let total = 0;
    for (const own of length) {
      first.push(total);
      total += own;
    }
    if (this.#lists.length < total) this.#lists = new Uint32Array(total);
    images.forEach((image, i) => lists.copy(image, this.#lists, first[i]!));
    const pixels = { pixels: this.#lists, first, length, samples: images.length };
    this.#sampleTiles?.add(index, pixels);
    if (optimizer) this.#featureTiles?.add(index, pixels);
  }

  /**
   * Takes over the parameters of another plan of the same network and device.
   *
   * @param from The other plan.
   */
  copyParameters(from: Plan): void {
    const commands = this.gpu.device.createCommandEncoder();
    this.parameters.forEach((parameter, i) => {
      if (!parameter) return;
      const { values } = from.parameters[i]!;
      commands.copyBufferToBuffer(values, 0, parameter.values, 0, values.size);
    });
    this.gpu.device.queue.submit([commands.finish()]);
  }

  /** What the network ends in. */
  get result(): SpikeSignal | ConstantSignal {
    return this.#output!;
  }

  /**
   * The spikes that the network ends in.
   *
   * @throws {TypeError} If it ends in values that are the same at each time step.
   */
  get output(): SpikeSignal {
    const output = this.#output!;
    if (output.kind !== "spikes") {
      throw new TypeError(
        `Cannot read the spikes of a network that doesn't end in neurons: it ends in ${output.kind}`,
      );
    }
    return output;
  }

  /**
   * Reads how often each output neuron fired in the last step that ran.
   *
   * @returns Spikes over T, `[batch][classes]`.
   * @throws {TypeError} If the network ends in values that are the same at each time step.
   */
  async counts(): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array(await this.gpu.read(this.output.counts));
  }

  /** Frees the plan's buffers. */
  dispose(): void {
    for (const resource of this.#memory.keys()) resource.destroy();
    this.#memory.clear();
  }

  /** Calls {@linkcode Plan.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** What a step reports, from the loss and the answer of each of its samples. */
function metricsOf({ lists, images }: PlanStep, reports: Float32Array): StepMetrics {
  const answers = new Uint32Array(images.length);
  let loss = 0;
  let correct = 0;
  for (let i = 0; i < images.length; i++) {
    loss += reports[2 * i]!;
    answers[i] = reports[2 * i + 1]!;
    if (answers[i] === lists.labels[images[i]!]) correct++;
  }
  return { loss, correct, answers };
}

/** An error of the same class whose message starts with a place; the error itself if it is of another. */
function locate(error: unknown, place: string): unknown {
  for (const Class of [TypeError, GpuOutOfMemoryError, RangeError, KernelError]) {
    if (error instanceof Class) return new Class(`${place}: ${error.message}`, { cause: error });
  }
  return error;
}
