import type { Feed } from "../core/feed.ts";
import { includes } from "../../kernels/includes.ts";
import { hashAll } from "../core/random.ts";
import type {
  Chain,
  KernelRun,
  LayerOutput,
  LayerWork,
  Mode,
  ObservedNeurons,
  Parameter,
  Phase,
  Readout,
  Scope,
} from "../core/scope.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { StepBuffer } from "../gpu/bindings.ts";
import type { CommandList } from "../gpu/commands.ts";
import type { Dispatch } from "../gpu/dispatch.ts";
import { Memory } from "./memory.ts";
import type { Block, ParameterStore } from "./parameter_store.ts";

/** What a program runs in a phase: a kernel with all that it binds. */
export interface Runnable extends Pick<Dispatch, "name"> {
  /** As {@linkcode Dispatch.encode}; it may be another kernel in steps that are observed. */
  encode(commands: CommandList, step: number, observes?: boolean): void;
}

/** What all scopes of a program have in common. */
export interface BuilderOptions {
  /** The device. */
  readonly gpu: Gpu;
  /** What the network learns and keeps. */
  readonly store: ParameterStore;
  /** Samples of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** What the program is for. */
  readonly mode: Mode;
  /** Whether steps that learn change what is learned or kept; by default they do. */
  readonly updates?: boolean;
  /** Whether steps that are observed count what layers have to do; by default they don't. */
  readonly counts?: boolean;
  /** Whether samples may end before T; by default they don't. */
  readonly lengths?: boolean;
  /** Which implementations may be chosen. */
  readonly variants: "auto" | "plain";
  /** How neighbours in a Sequential may be compiled together, where variants may be chosen. */
  readonly chains?: readonly Chain[];
  /** How values over time become one score for each class. */
  readonly readout: Readout;
  /** Classes of the network's output. */
  readonly classes: number;
}

/** Bytes of `Step` and `Sample` in `kernels/lib/batch.wgsl`. */
const STEP_BYTES = 48;
const SAMPLE_BYTES = 16;
/** Steps that a chunk holds at most: one submit. On software drivers more only take memory. */
const CHUNK_STEPS = { software: 64, gpu: 256 } as const;
/** Windows of a buffer begin at multiples of so many bytes. */
const WINDOW_BYTES = 256;

/** A program in the making: memory, feeds and dispatches, which scopes add to. */
export class ProgramBuilder {
  /** What the program is made for. */
  readonly options: BuilderOptions;
  /** Buffers and textures. */
  readonly memory: Memory;
  /** One record a step. */
  readonly step: StepBuffer;
  /** One record a sample, for each step. */
  readonly samples: StepBuffer;
  /** Time steps of each sample, for each step, where they may be fewer than T. */
  readonly lengths: StepBuffer | undefined;
  /** Floats that a step reports of a sample. */
  readonly reportSize: number;
  /** What each step of a chunk reports. */
  readonly metrics: GPUBuffer;
  /** Steps that a chunk can have, whatever the feeds hold. */
  readonly chunkSteps: number;
  /** What brings host data to the device. */
  readonly feeds: Map<string, Promise<Feed>> = new Map();
  /** What runs, by phases. */
  readonly phases: Record<Phase, Runnable[]> = {
    forward: [],
    observe: [],
    backward: [],
    reduce: [],
    update: [],
  };
  /** Layers of neurons. */
  readonly neurons: ObservedNeurons[] = [];
  /** What layers have to do. */
  readonly works: LayerWork[] = [];
  /** What layers give, each signal once: a container gives what its last layer does. */
  readonly outputs: LayerOutput[] = [];
  /** Which implementation parts have, by their paths. */
  readonly chosen: Map<string, string> = new Map();
  /** What was asked for of the store's blocks that are learned. */
  readonly parameters: Map<Block, Parameter> = new Map();

  /**
   * Starts a program.
   *
   * @param options What it is made for.
   */
  constructor(options: BuilderOptions) {
    const { gpu, batchSize, mode, classes, lengths = false } = options;
    this.options = options;
    this.memory = new Memory(gpu);
    this.chunkSteps = mode === "record" ? 1 : CHUNK_STEPS[gpu.preset.name];
    this.reportSize = mode === "train" ? 2 : 2 + classes;
    this.step = this.#window(STEP_BYTES, this.chunkSteps, "steps");
    this.samples = this.#window(SAMPLE_BYTES * batchSize, this.chunkSteps, "samples");
    this.lengths = lengths ? this.#window(4 * batchSize, this.chunkSteps, "lengths") : undefined;
    const bytes = this.chunkSteps * batchSize * this.reportSize * 4;
    this.metrics = this.memory.buffer("batches", bytes, "metrics");
  }

  #window(bytes: number, steps: number, label: string, owner = "batches"): StepBuffer {
    const stride = Math.ceil(bytes / WINDOW_BYTES) * WINDOW_BYTES;
    return { buffer: this.memory.buffer(owner, stride * steps, label), stride, size: bytes };
  }

  /**
   * The scope of a part.
   *
   * @param path Where it stands.
   * @returns The scope.
   */
  scope(path: string): Scope {
    const { options, memory, step, samples, lengths, metrics } = this;
    const {
      gpu,
      store,
      batchSize,
      timeSteps,
      mode,
      variants,
      readout,
      chains = [],
      updates = true,
      counts = false,
    } = options;
    return {
      gpu,
      path,
      batchSize,
      timeSteps,
      mode,
      updates,
      counts,
      variants,
      // They know of no end before T.
      chains: variants === "plain" || mode === "record" || lengths ? [] : chains,
      readout,
      step,
      samples,
      lengths,
      metrics,
      learns: store.learns(path),
      child: (name) => this.scope(`${path}.${name}`),
      parameter: (name, copies = 1) => this.#parameter(path, name, copies),
      state: (name) => store.block(path, name, false).values,
      buffer: (bytes, label) => memory.buffer(path, bytes, label),
      texture: (texels, label) => memory.texture(path, texels, label),
      window: (bytes, steps, label) => this.#window(bytes, steps, label, path),
      free: (resource) => memory.free(resource),
      feed: (name, make) => this.#feed(name, make),
      run: (phase, kernel) => this.#run(phase, kernel),
      add: (phase, dispatch) => void this.phases[phase].push(dispatch),
      stream: (purpose) => hashAll(...Array.from(`${path} ${purpose}`, (c) => c.codePointAt(0)!)),
      observe: (neurons) => void this.neurons.push({ path, ...neurons }),
      work: (work) => void this.works.push({ path, ...work }),
      trace: (kind, output) => this.#trace({ path, kind, output }),
      chose: (variant) => void this.chosen.set(path, variant),
    };
  }

  #trace(layer: LayerOutput): void {
    if (this.outputs.some(({ output }) => output === layer.output)) return;
    this.outputs.push(layer);
  }

  #parameter(path: string, name: string, copies: number): Parameter {
    const { store, mode } = this.options;
    const block = store.block(path, name, true);
    const known = this.parameters.get(block);
    if (known) return known;
    const { size, values, decays } = block;
    const parameter = {
      size,
      values,
      copies,
      decays,
      // Nothing reads or writes it in a program that doesn't learn.
      gradient: mode === "train"
        ? this.memory.buffer(path, copies * values.size, "parameter gradient")
        : values,
    };
    this.parameters.set(block, parameter);
    return parameter;
  }

  #feed<F extends Feed>(name: string, make: (scope: Scope) => F | Promise<F>): Promise<F> {
    let feed = this.feeds.get(name) as Promise<F> | undefined;
    if (!feed) {
      // Kept before it is made, so that all who ask share one.
      this.feeds.set(name, feed = (async () => await make(this.scope("feeds")))());
    }
    return feed;
  }

  async #run(phase: Phase, run: KernelRun): Promise<void> {
    const { observed } = run;
    const usual = await this.#bind(run);
    if (!observed) return void this.phases[phase].push(usual);
    const watched = await this.#bind({
      ...run,
      values: { ...run.values, ...observed.values },
      resources: { ...run.resources, ...observed.resources },
    });
    this.phases[phase].push({
      name: run.name,
      encode: (commands, step, observes = false) =>
        (observes ? watched : usual).encode(commands, step),
    });
  }

  async #bind({ name, texts, values, resources, workgroups }: KernelRun): Promise<Dispatch> {
    const { step, samples, lengths } = this;
    const kernel = await this.options.gpu.compile({
      name,
      texts,
      values: { lengths: lengths !== undefined, ...values },
      includes,
    });
    const own = { step, samples, ...lengths ? { lengths } : {} };
    return await kernel.bind({ ...own, ...resources }, workgroups);
  }
}
