import type { Layer } from "../core/layer.ts";
import type { Loss } from "../core/loss.ts";
import { hashAll } from "../core/random.ts";
import type { Shape } from "../core/shape.ts";
import type { Source } from "../core/source.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Tensor } from "../formats/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { JobRunner } from "../program/jobs.ts";
import { passJobs, type PassResult } from "../program/pass.ts";
import type { Program } from "../program/program.ts";
import { contentOf, inputOf, ModelCore } from "./core.ts";
import type { EvaluateOptions, Evaluation } from "./evaluation.ts";
import { Exclusive } from "./exclusive.ts";
import { encoderFromJson, type FromJsonOptions, layerFromJson } from "./from_json.ts";
import {
  checkModelOptions,
  type ModelJson,
  type ModelOptions,
  type Prediction,
} from "./model_options.ts";
import { readRecording, type Recording } from "./recording.ts";
import { type NetworkSummary, summarize, type SummaryOptions } from "./summary.ts";
import { readTensors } from "./tensors.ts";

/** The stream of random numbers of what doesn't learn, so that none repeats another. */
const TEST = 4;

/**
 * A network on a device: its parameters, and the programs that run it, which are compiled when they are
 * needed and all read the same parameters. A {@linkcode Trainer} changes them.
 *
 * @example
 * ```ts
 * import { DirectEncoder, Gpu, LifNode, Linear, Model, Sequential } from "@galvani/snn";
 * import { imageDataset } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * using gpu = await Gpu.request();
 * using model = await Model.compile(gpu, new Sequential([new Linear(4, 2), new LifNode()]), {
 *   input: [4], encoder: new DirectEncoder(), timeSteps: 8,
 * });
 * const samples = imageDataset(new Uint8Array([0, 255, 0, 255, 255, 0, 255, 0]), { shape: [4] });
 * const predictions = await model.predict(samples);
 * assertEquals(predictions.map(({ scores }) => scores.length), [2, 2]);
 * ```
 */
export class Model implements Disposable {
  /** @ignore What its trainers share with it. */
  readonly core: ModelCore;
  readonly #programs = new Map<string, Promise<Program>>();
  /** Evaluations of one program come one after the other: they share its sums. */
  readonly #evaluations = new Exclusive();

  private constructor(core: ModelCore) {
    this.core = core;
  }

  /**
   * Checks a network and draws its first parameters.
   *
   * @param gpu Where it runs.
   * @param network The network.
   * @param options What comes in, and how long it runs.
   * @returns The model. Its kernels are compiled by the first call that needs them.
   * @throws {TypeError | RangeError} If the layers don't fit together, or an option is out of range.
   */
  // deno-lint-ignore require-await
  static async compile(gpu: Gpu, network: Layer, options: ModelOptions): Promise<Model> {
    if (typeof network?.compile !== "function") {
      throw new TypeError(
        `Cannot compile a model as its network must be a layer, such as new Sequential([...]): current ` +
          `value is ${network}`,
      );
    }
    const checked = checkModelOptions(options);
    gpu.check();
    return new Model(new ModelCore(gpu, network, checked));
  }

  /**
   * Makes a model again from its JSON, as it is in a checkpoint; its parameters are new ones, until
   * {@linkcode Model.load}.
   *
   * @param gpu Where it runs.
   * @param json What `model.toJSON()` gave.
   * @param options What differs, and what makes layers of one's own.
   * @returns The model.
   * @throws {SyntaxError} If it has layers of kinds that are unknown, or is damaged.
   */
  static async fromJson(
    gpu: Gpu,
    json: ModelJson,
    options: Partial<ModelOptions> & FromJsonOptions = {},
  ): Promise<Model> {
    const { network, encoder, input, timeSteps, readout, seed } = json;
    const { layers, encoders, ...others } = options;
    const makers = { ...layers ? { layers } : {}, ...encoders ? { encoders } : {} };
    return await Model.compile(gpu, layerFromJson(network, makers), {
      input,
      timeSteps,
      readout,
      seed,
      encoder: encoderFromJson(encoder, makers),
      ...others,
    });
  }

  /** What makes the model again, but for its parameters: for checkpoints. */
  toJSON(): ModelJson {
    const { encoder, timeSteps, readout, seed } = this.options;
    return {
      input: this.input,
      encoder: encoder.toJSON(),
      timeSteps,
      readout,
      seed,
      network: this.network.toJSON(),
    };
  }

  /** Where it runs. */
  get gpu(): Gpu {
    return this.core.gpu;
  }

  /** The network. */
  get network(): Layer {
    return this.core.network;
  }

  /** What it was compiled with, defaults filled in. */
  get options(): Readonly<Required<ModelOptions>> {
    return this.core.options;
  }

  /** What a sample has that comes in, at one time step. */
  get input(): Shape {
    return this.core.input;
  }

  /** What a sample has that comes out. */
  get output(): Shape {
    return this.core.output;
  }

  /** Classes that the network tells apart: numbers of its output. */
  get classes(): number {
    return this.core.classes;
  }

  /**
   * What the network says of samples, which need no labels. Calls at the same time don't disturb each
   * other.
   *
   * @param data The samples.
   * @returns An answer and scores for each.
   * @throws {TypeError | RangeError} If the samples don't fit the network.
   */
  async predict(data: Dataset): Promise<Prediction[]> {
    const source = this.core.open(data, { labelled: false });
    const program = await this.#program("infer", data);
    const { answers, scores } = await this.#pass(program, source, false);
    const { classes, options: { timeSteps } } = this;
    // Of spikes it is their count.
    const scaleOf = (sample: number) =>
      program.compiled.output.kind === "spikes" ? 1 / source.lengthOf(sample, timeSteps) : 1;
    return Array.from(answers, (answer, i) => ({
      answer,
      scores: scores.slice(i * classes, (i + 1) * classes).map((score) => score * scaleOf(i)),
    }));
  }

  /**
   * Classifies samples and compares with their labels. Nothing is learned. Where a trainer of the model rests,
   * its program does it, with the same results: then none is compiled for it.
   *
   * @param data The samples, with labels.
   * @param options What else is to be computed; by default nothing.
   * @returns Accuracy, answers, and how the neurons fired.
   * @throws {TypeError | RangeError} If the samples or their classes don't fit the network.
   */
  async evaluate(data: Dataset, options: EvaluateOptions = {}): Promise<Evaluation> {
    const { loss, count = false } = options;
    const source = this.core.open(data, { labelled: true });
    const shared = count ? undefined : this.core.sharedFor(data, loss);
    const program = shared?.program ?? await this.#program("infer", data, { loss, count });
    const pass = () => this.#pass(program, source, true);
    const result = await (shared ? shared.pass(pass) : this.#evaluations.run(pass));
    // A trainer's program always computes its own.
    return this.core.evaluationOf(data, program, loss ? result : { ...result, loss: 0 });
  }

  /**
   * Simulates the network for one sample, and keeps all that its layers did. Calls at the same time don't
   * disturb each other.
   *
   * @param data The sample: a data set of one.
   * @returns The signals of each layer, spikes and potentials of neurons, and the answer.
   * @throws {RangeError} If there are more samples, or the sample doesn't fit the network.
   */
  async record(data: Dataset): Promise<Recording> {
    if (data.count !== 1) {
      throw new RangeError(
        `Cannot record ${data.count} samples at once: take one, as in model.record(data.take([0]))`,
      );
    }
    const source = this.core.open(data, { labelled: false });
    const program = await this.#program("record", data);
    await this.core.openIn(program, source);
    return await this.core.whileUsable(readRecording(program, {
      key: hashAll(this.options.seed, TEST, 0),
      source,
      samples: Uint32Array.of(0),
    }));
  }

  /**
   * What the network has learned and keeps, as it is now.
   *
   * @returns Tensors by PyTorch's names: `layer.1.weight` `[outputs, inputs]` is that of layer 1.
   */
  async parameters(): Promise<Map<string, Tensor>> {
    this.core.checkUsable();
    const { gpu, store } = this.core;
    const values = await readTensors(
      gpu,
      store.blocks.map(({ values, size }) => ({ buffer: values, size })),
    )();
    return new Map(store.blocks.flatMap((block, i) => store.tensorsOf(block, values[i]!)));
  }

  /**
   * Takes over parameters, from PyTorch or from {@linkcode Model.parameters}.
   *
   * @param tensors Tensors by PyTorch's names, float32 or float64.
   * @param options With `strict: false`, names that are missing keep their values, and others are ignored.
   * @returns Names that were missing or unexpected.
   * @throws {TypeError} If a tensor is of another shape, or a name is missing or unexpected. Nothing has
   * changed then.
   */
  load(
    tensors: ReadonlyMap<string, Tensor>,
    options: { readonly strict?: boolean } = {},
  ): { missing: readonly string[]; unexpected: readonly string[] } {
    this.core.checkUsable();
    const { missing, unexpected, misfits } = this.core.store.flawsOf(tensors);
    const flaws = [
      ...options.strict ?? true
        ? [
          ...missing.length > 0 ? [`missing: ${missing.join(", ")}`] : [],
          ...unexpected.length > 0 ? [`unexpected: ${unexpected.join(", ")}`] : [],
        ]
        : [],
      ...misfits,
    ];
    if (flaws.length > 0) throw new TypeError(`Cannot load parameters: ${flaws.join("; ")}`);
    this.core.store.load(tensors);
    return { missing, unexpected };
  }

  /**
   * What the network is made of: layers, signals, parameters, and the memory that it takes. A program is
   * compiled for it, and freed again; nothing runs.
   *
   * @param options A loss and an optimizer to see what training takes; by default what answering does.
   * @returns The summary; its `toString()` is a table.
   *
   * @example
   * ```ts
   * import { Adam, Gpu, LifNode, Linear, Model, PoissonEncoder, rateMse, Sequential } from "@galvani/snn";
   * import { assertEquals } from "@std/assert";
   *
   * using gpu = await Gpu.request();
   * const network = new Sequential([new Linear(784, 10, { bias: false }), new LifNode()]);
   * using model = await Model.compile(gpu, network, {
   *   input: [784], encoder: new PoissonEncoder(), timeSteps: 100,
   * });
   * const summary = await model.summary({ loss: rateMse(), optimizer: new Adam() });
   * console.log(String(summary));
   * assertEquals(summary.parameters, 7840);
   * ```
   */
  async summary(options: SummaryOptions = {}): Promise<NetworkSummary> {
    this.core.checkUsable();
    return await summarize(this.core, options);
  }

  /** The program for a kind of samples and a loss; compiled once. */
  #program(
    mode: "infer" | "record",
    data: Dataset,
    { loss, count = false }: EvaluateOptions = {},
  ): Promise<Program> {
    const key = [mode, contentOf(data), loss && keyOf(loss), count].join(" ");
    let program = this.#programs.get(key);
    if (!program) {
      program = this.core.compileProgram(inputOf(data), {
        mode,
        counts: count,
        ...loss ? { loss } : {},
        ...mode === "record" ? { batchSize: 1 } : {},
      });
      this.#programs.set(key, program);
      program.catch(() => this.#programs.delete(key));
    }
    return program;
  }

  async #pass(program: Program, source: Source, observes: boolean): Promise<PassResult> {
    await this.core.openIn(program, source);
    const runner = new JobRunner();
    let result: PassResult | undefined;
    await this.core.whileUsable(runner.run(passJobs(program, {
      source,
      observes,
      keyOf: (step) => hashAll(this.options.seed, TEST, step),
      chunk: () => {
        this.core.checkUsable();
        return runner.chunk;
      },
      take: (all) => result = all,
    })));
    return result!;
  }

  /** Frees the buffers on the device. The model, and its trainers, are of no use then. */
  dispose(): void {
    for (const program of this.#programs.values()) {
      program.then((program) => program.dispose(), () => {});
    }
    this.#programs.clear();
    this.core.dispose();
  }

  /** Calls {@linkcode Model.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Numbers that tell losses apart: two of one name may have other options. */
const losses = new WeakMap<Loss, number>();
let lossCount = 0;

function keyOf(loss: Loss): number {
  let key = losses.get(loss);
  if (key === undefined) losses.set(loss, key = ++lossCount);
  return key;
}
