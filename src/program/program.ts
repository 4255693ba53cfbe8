import { type BatchStep, SAMPLE_RECORD } from "../core/feed.ts";
import type { LayerOutput, ObservedNeurons, Parameter } from "../core/scope.ts";
import type { Source } from "../core/source.ts";
import type { StepBuffer } from "../gpu/bindings.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Mailbox, Reading } from "../gpu/reading.ts";
import { CommandList } from "../gpu/commands.ts";
import type { ProgramBuilder, Runnable } from "./builder.ts";
import type { CompiledNetwork } from "./compiled_network.ts";
import type { Allocation } from "./memory.ts";
import type { Block } from "./parameter_store.ts";

/** What a step reports. */
export interface StepMetrics {
  /** The sum of the samples' losses. */
  readonly loss: number;
  /** How many samples were classified correctly. */
  readonly correct: number;
  /** The class that each sample was given, in the order of the step's samples. */
  readonly answers: Uint32Array<ArrayBuffer>;
  /** In a program that answers: the scores of each sample, `[samples][classes]`; spikes are counted. */
  readonly scores: Float32Array<ArrayBuffer>;
}

/** Bytes of a word. */
const WORD = 4;

/** A compiled network. Steps run in chunks, one submit each. */
export class Program implements Disposable {
  /** Where it runs. */
  readonly gpu: Gpu;
  /** Samples of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** What compiling gave. */
  readonly compiled: CompiledNetwork;
  readonly #builder: ProgramBuilder;
  /** For gradients. */
  readonly #mailbox: Mailbox;
  /** Submits the steps that are ready. */
  #ready: (() => void) | undefined;

  /** @ignore Made by `compileProgram`. */
  constructor(builder: ProgramBuilder, compiled: CompiledNetwork) {
    const { gpu, batchSize, timeSteps } = builder.options;
    this.gpu = gpu;
    this.batchSize = batchSize;
    this.timeSteps = timeSteps;
    this.compiled = compiled;
    this.#builder = builder;
    this.#mailbox = gpu.createMailbox();
  }

  /** Layers of neurons. */
  get neurons(): readonly ObservedNeurons[] {
    return this.#builder.neurons;
  }

  /** u32 `[size]` each: what steps that are observed add up. */
  get sums(): GPUBuffer[] {
    const inputs = this.compiled.works.flatMap(({ inputSums }) =>
      inputSums ? [inputSums.buffer] : []
    );
    return [...new Set([...this.neurons.map(({ spikeSums }) => spikeSums), ...inputs])];
  }

  /** What layers give. */
  get outputs(): readonly LayerOutput[] {
    return this.#builder.outputs;
  }

  /** Its buffers and textures. */
  get memory(): readonly Allocation[] {
    return this.#builder.memory.allocations;
  }

  /** Which implementation parts have, by their paths. */
  get chosen(): ReadonlyMap<string, string> {
    return this.#builder.chosen;
  }

  /** What is learned, by its blocks: gradients are what the optimizer reads. */
  get parameters(): ReadonlyMap<Block, Parameter> {
    return this.#builder.parameters;
  }

  /** What runs in a step that learns, in the order of a step. */
  get dispatches(): readonly Runnable[] {
    const { forward, backward, reduce, update } = this.#builder.phases;
    return [...forward, ...backward, ...reduce, ...update];
  }

  /**
   * Makes room for a data set. Call it before the first step that reads it.
   *
   * @param source The data set.
   * @param besides Data sets whose steps come in turn with those of this one.
   */
  async open(source: Source, besides: readonly Source[] = []): Promise<void> {
    for (const feed of this.compiled.feeds) {
      await feed.open?.(source, () => this.#ready?.(), besides);
    }
  }

  /**
   * How many steps of a data set a chunk can have.
   *
   * @param source The data set.
   * @returns At least 1.
   */
  stepsOf(source: Source): number {
    return Math.min(
      this.#builder.chunkSteps,
      ...this.compiled.feeds.map((feed) => feed.stepsOf(source)),
    );
  }

  /**
   * The order in which the samples of a batch had better come.
   *
   * @param source Where they are.
   * @param samples Which.
   * @returns The same samples.
   */
  order(source: Source, samples: Uint32Array): Uint32Array {
    const feed = this.compiled.feeds.find((feed) => feed.order);
    return feed?.order?.(source, samples) ?? samples;
  }

  /**
   * Runs steps, in order.
   *
   * @param steps At most {@linkcode Program.stepsOf} steps of at most `batchSize` samples.
   * @returns What each step reports. The steps are submitted when the call returns its promise.
   */
  async run(steps: readonly BatchStep[]): Promise<StepMetrics[]> {
    return await this.prepare(steps)()();
  }

  /**
   * Makes steps ready to be submitted. They are submitted as soon as others are made ready.
   *
   * @param steps At most {@linkcode Program.stepsOf} steps of at most `batchSize` samples.
   * @returns What submits them, and gives what reads their reports.
   * @throws {RangeError} If there are more.
   */
  prepare(steps: readonly BatchStep[]): () => Reading<StepMetrics[]> {
    const commands = this.encode(steps);
    const { metrics } = this.#builder;
    const bytes = steps.length * this.#reportFloats * WORD;
    let submitted: Reading<ArrayBuffer[]> | undefined;
    const submit = () => {
      this.#ready = undefined;
      return submitted ??= this.gpu.submitReading(commands, [{ buffer: metrics, bytes }]);
    };
    this.#ready = submit;
    return () => {
      const reading = submitted ?? submit();
      return async () => {
        const [report] = await reading();
        return this.#metricsOfAll(steps, report!);
      };
    };
  }

  /**
   * Runs steps of one update up to its gradient, in a program that was compiled for a share of a batch.
   *
   * @param steps Its steps, or some of them in their order, none of which ends it: at most
   * {@linkcode Program.stepsOf}.
   * @param gradients Where the gradient of each parameter over the update's steps so far goes, in their order.
   * @returns What each step reports.
   */
  async runToGradients(
    steps: readonly BatchStep[],
    gradients: readonly Float32Array<ArrayBuffer>[],
  ): Promise<StepMetrics[]> {
    const bytes = steps.length * this.#reportFloats * WORD;
    const [report] = await this.#mailbox.submitReading(this.encode(steps), [
      { buffer: this.#builder.metrics, bytes },
      ...this.#gradients.map(({ gradient, size }, i) => ({
        buffer: gradient,
        bytes: size * WORD,
        into: gradients[i]!,
      })),
    ])();
    return this.#metricsOfAll(steps, report!);
  }

  /**
   * Lets the parameters follow gradients, as the last of the steps that ran says.
   *
   * @param steps How many steps ran at once.
   * @param gradients The gradient of each parameter, added up over the processes.
   */
  follow(steps: number, gradients: readonly Float32Array<ArrayBuffer>[]): void {
    this.#gradients.forEach(({ gradient }, i) => this.gpu.write(gradient, gradients[i]!));
    const commands = new CommandList(this.gpu.device);
    for (const dispatch of this.#builder.phases.update) dispatch.encode(commands, steps - 1);
    this.gpu.device.queue.submit([commands.end().finish()]);
  }

  get #gradients(): readonly Parameter[] {
    return [...this.parameters.values()];
  }

  #metricsOfAll(steps: readonly BatchStep[], report: ArrayBuffer): StepMetrics[] {
    const reports = new Float32Array(report);
    const size = this.#reportFloats;
    return steps.map((step, i) =>
      this.#metricsOf(step, reports.subarray(size * i, size * (i + 1)))
    );
  }

  /**
   * Runs a step, and copies what it leaves in buffers before any other step can run.
   *
   * @param step The step.
   * @param buffers The buffers.
   * @returns What reads the step's report, and what reads the copies.
   */
  runReading(
    step: BatchStep,
    buffers: readonly GPUBuffer[],
  ): { metrics: Reading<StepMetrics>; copies: Reading<ArrayBuffer[]> } {
    const reading = this.prepare([step])();
    const parts = buffers.map((buffer) => ({ buffer, bytes: buffer.size }));
    const copies = this.gpu.submitReading(this.gpu.device.createCommandEncoder(), parts);
    return {
      metrics: async () => (await reading())[0]!,
      copies,
    };
  }

  /**
   * Runs steps, in order, without waiting for them.
   *
   * @param steps At most {@linkcode Program.stepsOf} steps of at most `batchSize` samples.
   */
  submit(steps: readonly BatchStep[]): void {
    this.gpu.device.queue.submit([this.encode(steps).finish()]);
  }

  /**
   * Encodes steps. Their data are on the way to the device then: submit the commands before anything
   * else of this program.
   *
   * @param steps At most {@linkcode Program.stepsOf} steps of at most `batchSize` samples.
   * @returns The commands, not yet finished.
   * @throws {RangeError} If there are more.
   */
  encode(steps: readonly BatchStep[]): GPUCommandEncoder {
    // Else they would find the records of these.
    this.#ready?.();
    this.#load(steps);
    const commands = new CommandList(this.gpu.device);
    const { forward, observe, backward, reduce, update } = this.#builder.phases;
    const run = (phase: readonly Runnable[], step: number, observes = false) => {
      for (const dispatch of phase) dispatch.encode(commands, step, observes);
    };
    steps.forEach(({ update: values, observes, part }, i) => {
      run(forward, i, observes);
      if (observes) run(observe, i);
      if (!values) return;
      run(backward, i);
      run(reduce, i);
      if (part?.ends ?? true) run(update, i);
    });
    return commands.end();
  }

  /** Brings what the steps need to the device. */
  #load(steps: readonly BatchStep[]): void {
    const { step: stepBuffer, samples, lengths, chunkSteps } = this.#builder;
    if (steps.length > chunkSteps) {
      throw new RangeError(
        `Cannot run ${steps.length} steps at once as a chunk of this program holds ${chunkSteps}`,
      );
    }
    const stepWords = new Uint32Array(steps.length * stepBuffer.stride / WORD);
    const stepFloats = new Float32Array(stepWords.buffer);
    const words = new Uint32Array(steps.length * samples.stride / WORD);
    const records = {
      words,
      at: (step: number, sample: number) =>
        step * samples.stride / WORD + sample * SAMPLE_RECORD.words,
    };
    steps.forEach(({ key, update, part, share, source, samples }, i) => {
      const record = i * stepBuffer.stride / WORD;
      stepWords.set([key, i, samples.length, update ? 1 : 0], record);
      if (update) stepFloats.set(update, record + 4);
      stepWords[record + 8] = part?.adds ? 1 : 0;
      stepWords[record + 9] = share?.rank ?? 0;
      stepWords[record + 10] = (share?.size ?? 1) - 1;
      samples.forEach((sample, s) => {
        words[records.at(i, s) + SAMPLE_RECORD.label] = source.label(sample);
      });
    });
    for (const feed of this.compiled.feeds) feed.load(steps, records);
    this.gpu.write(stepBuffer.buffer, stepWords);
    this.gpu.write(samples.buffer, words);
    if (lengths) this.gpu.write(lengths.buffer, this.#lengthsOf(steps, lengths));
  }

  /** Time steps of each sample of some steps; places that stay empty have T. */
  #lengthsOf(steps: readonly BatchStep[], { stride }: StepBuffer): Uint32Array<ArrayBuffer> {
    const { timeSteps } = this;
    const words = new Uint32Array(steps.length * stride / WORD).fill(timeSteps);
    steps.forEach(({ source, samples }, i) =>
      samples.forEach((sample, s) => {
        words[i * stride / WORD + s] = source.lengthOf(sample, timeSteps);
      })
    );
    return words;
  }

  /** Floats that a step reports. */
  get #reportFloats(): number {
    return this.batchSize * this.#builder.reportSize;
  }

  #metricsOf({ source, samples }: BatchStep, reports: Float32Array): StepMetrics {
    const { reportSize } = this.#builder;
    const classes = reportSize - 2;
    const answers = new Uint32Array(samples.length);
    const scores = new Float32Array(samples.length * classes);
    let loss = 0;
    let correct = 0;
    for (let i = 0; i < samples.length; i++) {
      const at = i * reportSize;
      loss += reports[at]!;
      answers[i] = reports[at + 1]!;
      if (answers[i] === source.label(samples[i]!)) correct++;
      scores.set(reports.subarray(at + 2, at + reportSize), i * classes);
    }
    return { loss, correct, answers, scores };
  }

  /** Frees its memory. */
  dispose(): void {
    this.#mailbox[Symbol.dispose]();
    this.#builder.memory.dispose();
  }

  /** Calls {@linkcode Program.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
