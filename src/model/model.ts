import type { Encoder, EncoderInput, EncoderJson } from "../core/encoder.ts";
import { type Layer, type LayerJson, outputShapeOf } from "../core/layer.ts";
import type { Loss } from "../core/loss.ts";
import { hashAll } from "../core/random.ts";
import type { Mode, Readout } from "../core/scope.ts";
import { checkShape, formatShape, sameShape, type Shape, sizeOf } from "../core/shape.ts";
import { Source } from "../core/source.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { FUSIONS } from "../fusions/mod.ts";
import type { Tensor } from "../formats/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { answersOnly } from "../losses/answers_only.ts";
import { compileProgram, type ProgramOptions } from "../program/compile.ts";
import { JobRunner } from "../program/jobs.ts";
import { ParameterStore } from "../program/parameter_store.ts";
import { passJobs, type PassResult } from "../program/pass.ts";
import type { Program } from "../program/program.ts";
import { checkCount } from "../validate.ts";
import { confusionOf, type Evaluation, layerFiring } from "./evaluation.ts";
import { Exclusive } from "./exclusive.ts";
import { encoderFromJson, type FromJsonOptions, layerFromJson } from "./from_json.ts";
import { readRecording, type Recording } from "./recording.ts";
import { type NetworkSummary, summarize, type SummaryOptions } from "./summary.ts";
import { readTensors } from "./tensors.ts";

/** Options of {@linkcode Model.compile}. */
export interface ModelOptions {
  /** What a sample has at one time step: a data set's `shape`, such as `[1, 28, 28]`. */
  input: Shape;
  /** How samples become signals. */
  encoder: Encoder;
  /** T, the number of time steps. */
  timeSteps: number;
  /**
   * Samples that `predict` and `evaluate` take at a time.
   *
   * @default {128}
   */
  batchSize?: number;
  /**
   * What the first weights follow from, and the spikes that encoders draw where nothing is learned.
   *
   * @default {1}
   */
  seed?: number;
  /**
   * How a network that ends in numbers over time, as of a `LiNode`, gets one score for each class: their
   * mean, their largest, or the last.
   *
   * @default {"mean"}
   */
  readout?: Readout;
  /**
   * Which implementations may be chosen: `"plain"` leaves out those that are there for speed alone, to
   * compare with them.
   *
   * @default {"auto"}
   */
  variants?: "auto" | "plain";
}

/** A model as JSON: all but its parameters. */
export interface ModelJson {
  /** What a sample has at one time step. */
  readonly input: Shape;
  /** How samples become signals. */
  readonly encoder: EncoderJson;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** How values over time become scores. */
  readonly readout: Readout;
  /** What random numbers follow from. */
  readonly seed: number;
  /** The network. */
  readonly network: LayerJson;
}

/** What a network says of a sample. */
export interface Prediction {
  /** The class with the largest score, of equals the lowest. */
  readonly answer: number;
  /**
   * The score of each class: firing rates of the last neurons, in spikes per time step, or the numbers that
   * the network ends in, `[classes]`.
   */
  readonly scores: Float32Array<ArrayBuffer>;
}

/** Streams of random numbers, so that none repeats another. */
const STREAM = { weights: 1, test: 4 } as const;
/** What the paths of a network's parts begin with. */
const ROOT = "layer";

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
  /** Where it runs. */
  readonly gpu: Gpu;
  /** The network. */
  readonly network: Layer;
  /** What a sample has that comes in, at one time step. */
  readonly input: Shape;
  /** What a sample has that comes out. */
  readonly output: Shape;
  /** What it was compiled with, defaults filled in. */
  readonly options: Readonly<Required<ModelOptions>>;
  /** @ignore What it learns and keeps. */
  readonly store: ParameterStore;
  readonly #programs = new Map<string, Promise<Program>>();
  /** Evaluations of one program come one after the other: they share its sums. */
  readonly #evaluations = new Exclusive();
  #disposed = false;

  private constructor(
    gpu: Gpu,
    network: Layer,
    options: Required<ModelOptions>,
    output: Shape,
  ) {
    this.gpu = gpu;
    this.network = network;
    this.options = options;
    this.input = options.input;
    this.output = output;
    const { input, seed } = options;
    this.store = new ParameterStore(gpu, ROOT, network, input, [seed, STREAM.weights]);
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
    const what = "Cannot compile a model";
    const { batchSize = 128, seed = 1, readout = "mean", variants = "auto" } = options;
    if (typeof network?.compile !== "function") {
      throw new TypeError(
        `${what} as its network must be a layer, such as new Sequential([...]): current value is ${network}`,
      );
    }
    const input = checkShape(what, "input", options.input);
    checkCount(what, "timeSteps", options.timeSteps);
    checkCount(what, "batchSize", batchSize);
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(
        `${what} as seed must be an integer of 0 to 2^32 - 1: current value is ${seed}`,
      );
    }
    if (!["mean", "max", "last"].includes(readout)) {
      throw new RangeError(
        `${what} as readout must be "mean", "max" or "last": current value is "${readout}"`,
      );
    }
    const output = outputShapeOf(ROOT, network, input);
    return new Model(
      gpu,
      network,
      { ...options, input, batchSize, seed, readout, variants },
      output,
    );
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

  /** Classes that the network tells apart: numbers of its output. */
  get classes(): number {
    return sizeOf(this.output);
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
    const source = this.openSource(data, { labelled: false });
    const program = await this.#program("infer", data);
    const { answers, scores } = await this.#pass(program, source, false);
    const { classes } = this;
    // Of spikes it is their count.
    const scale = program.compiled.output.kind === "spikes" ? 1 / this.options.timeSteps : 1;
    return Array.from(answers, (answer, i) => ({
      answer,
      scores: scores.slice(i * classes, (i + 1) * classes).map((score) => score * scale),
    }));
  }

  /**
   * Classifies samples and compares with their labels. Nothing is learned.
   *
   * @param data The samples, with labels.
   * @param options The loss to be computed; none by default.
   * @returns Accuracy, answers, and how the neurons fired.
   * @throws {TypeError | RangeError} If the samples or their classes don't fit the network.
   */
  async evaluate(data: Dataset, options: { readonly loss?: Loss } = {}): Promise<Evaluation> {
    const source = this.openSource(data, { labelled: true });
    const program = await this.#program("infer", data, options.loss);
    const result = await this.#evaluations.run(() => this.#pass(program, source, true));
    return this.evaluationOf(data, program, result);
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
    const source = this.openSource(data, { labelled: false });
    const program = await this.#program("record", data);
    await program.open(source);
    this.#checkUsable();
    return await readRecording(program, {
      key: hashAll(this.options.seed, STREAM.test, 0),
      source,
      samples: Uint32Array.of(0),
    });
  }

  /**
   * What the network has learned and keeps, as it is now.
   *
   * @returns Tensors by PyTorch's names: `layer.1.weight` `[outputs, inputs]` is that of layer 1.
   */
  async parameters(): Promise<Map<string, Tensor>> {
    this.#checkUsable();
    const { gpu, store } = this;
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
    this.#checkUsable();
    const { missing, unexpected, misfits } = this.store.flawsOf(tensors);
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
    this.store.load(tensors);
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
    this.#checkUsable();
    return await summarize(this, options);
  }

  /**
   * Compiles a program over the model's parameters. Whoever asked for it disposes of it.
   *
   * @ignore
   * @param input What the samples are, besides their shape.
   * @param options What differs from a program that answers.
   * @returns The program.
   */
  async compileProgram(
    input: Omit<EncoderInput, "shape">,
    options: Partial<ProgramOptions> & { readonly mode: Mode },
  ): Promise<Program> {
    this.#checkUsable();
    const { gpu, network, store } = this;
    const { encoder, timeSteps, batchSize, readout, variants } = this.options;
    return await compileProgram({
      gpu,
      network,
      store,
      encoder,
      timeSteps,
      batchSize,
      readout,
      variants,
      root: ROOT,
      fusions: FUSIONS,
      loss: answersOnly(),
      input: { shape: this.input, ...input },
      ...options,
    });
  }

  /**
   * Opens a data set that fits the network.
   *
   * @ignore
   * @param data The data set.
   * @param options Whether it must have labels.
   * @returns The source.
   * @throws {TypeError | RangeError} If it doesn't fit.
   */
  openSource(data: Dataset, { labelled }: { readonly labelled: boolean }): Source {
    this.#checkUsable();
    const what = "Cannot use a data set";
    if (!data || !Array.isArray(data.shape) || !data.content) {
      throw new TypeError(`${what} as it must be a Dataset: current value is ${data}`);
    }
    if (!sameShape(data.shape, this.input)) {
      throw new RangeError(
        `${what} of samples of ${formatShape(data.shape)} as the network was compiled for ` +
          formatShape(this.input),
      );
    }
    if (labelled && !data.labels) {
      throw new TypeError(`${what} without labels here: predict() needs none`);
    }
    if (labelled && data.classes > this.classes) {
      throw new RangeError(
        `${what} of ${data.classes} classes as the network has ${this.classes} outputs`,
      );
    }
    const { name, takes } = this.options.encoder;
    if (!takes.includes(data.content.kind)) {
      throw new TypeError(
        `${what} of ${data.content.kind} as the encoder "${name}" takes ${takes.join(" or ")}`,
      );
    }
    return new Source(data);
  }

  /**
   * What a pass over a data set says of the network.
   *
   * @ignore
   */
  evaluationOf(data: Dataset, program: Program, result: PassResult): Evaluation {
    const { loss, correct, answers, spikeSums } = result;
    const { count, labels } = data;
    return {
      loss: loss / count,
      accuracy: correct / count,
      answers,
      confusion: confusionOf(labels!, answers, this.classes),
      firing: program.neurons.map(({ path, kind, output }, i) =>
        layerFiring(
          { layer: path, kind },
          spikeSums[i]!.subarray(0, sizeOf(output.shape)),
          count * this.options.timeSteps,
        )
      ),
    };
  }

  /** The program for a kind of samples and a loss; compiled once. */
  #program(mode: "infer" | "record", data: Dataset, loss?: Loss): Promise<Program> {
    const input = inputOf(data);
    const key = [mode, input.content, input.timeSteps, loss && keyOf(loss)].join(" ");
    let program = this.#programs.get(key);
    if (!program) {
      program = this.compileProgram(input, {
        mode,
        ...loss ? { loss } : {},
        ...mode === "record" ? { batchSize: 1 } : {},
      });
      this.#programs.set(key, program);
      program.catch(() => this.#programs.delete(key));
    }
    return program;
  }

  async #pass(program: Program, source: Source, observes: boolean): Promise<PassResult> {
    await program.open(source);
    this.#checkUsable();
    const runner = new JobRunner();
    let result: PassResult | undefined;
    await runner.run(passJobs(program, {
      source,
      observes,
      keyOf: (step) => hashAll(this.options.seed, STREAM.test, step),
      chunk: () => runner.chunk,
      take: (all) => result = all,
    }));
    return result!;
  }

  #checkUsable(): void {
    if (this.#disposed) throw new TypeError("Cannot use a model that was disposed of");
  }

  /** Frees the buffers on the device. The model, and its trainers, are of no use then. */
  dispose(): void {
    this.#disposed = true;
    for (const program of this.#programs.values()) {
      program.then((program) => program.dispose(), () => {});
    }
    this.#programs.clear();
    this.store.dispose();
  }

  /** Calls {@linkcode Model.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * What a data set's samples are, besides their shape.
 *
 * @param data The data set.
 * @returns Their content, and its time axis.
 */
export function inputOf({ content }: Dataset): Omit<EncoderInput, "shape"> {
  const timeSteps = content.kind === "floats" ? content.timeSteps : undefined;
  return { content: content.kind, ...timeSteps === undefined ? {} : { timeSteps } };
}

/** Numbers that tell losses apart: two of one name may have other options. */
const losses = new WeakMap<Loss, number>();
let lossCount = 0;

function keyOf(loss: Loss): number {
  let key = losses.get(loss);
  if (key === undefined) losses.set(loss, key = ++lossCount);
  return key;
}
