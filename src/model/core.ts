import { encodedShape, type EncoderInput } from "../core/encoder.ts";
import { type Layer, outputShapeOf } from "../core/layer.ts";
import type { Loss } from "../core/loss.ts";
import type { Mode } from "../core/scope.ts";
import { formatShape, sameShape, type Shape, sizeOf } from "../core/shape.ts";
import { Source } from "../core/source.ts";
import { checkLabels } from "../datasets/check_labels.ts";
import { checkLengths } from "../datasets/check_lengths.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { CHAINS, FUSIONS } from "../fusions/mod.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { answersOnly } from "../losses/answers_only.ts";
import { compileProgram, type ProgramOptions } from "../program/compile.ts";
import { ParameterStore } from "../program/parameter_store.ts";
import type { PassResult } from "../program/pass.ts";
import type { Program } from "../program/program.ts";
import { countsOf } from "./counts.ts";
import { confusionOf, type Evaluation, layerFiring } from "./evaluation.ts";
import type { ModelOptions } from "./model_options.ts";
import type { SharedProgram } from "./shared_program.ts";

/** The stream of random numbers of the first weights, so that none repeats another. */
const WEIGHTS = 1;
/** What the paths of a network's parts begin with. */
export const ROOT = "layer";

/** What a model and its trainers have in common: the network, its parameters, and how programs are made. */
export class ModelCore implements Disposable {
  /** Where it runs. */
  readonly gpu: Gpu;
  /** The network. */
  readonly network: Layer;
  /** What it was compiled with, defaults filled in. */
  readonly options: Readonly<Required<ModelOptions>>;
  /** What a sample has. */
  readonly input: Shape;
  /** What a sample has that comes out. */
  readonly output: Shape;
  /** What it learns and keeps. */
  readonly store: ParameterStore;
  /** Programs of its trainers on which it may evaluate. */
  readonly #shared = new Set<SharedProgram>();
  #disposed = false;

  /**
   * Draws a network's first parameters.
   *
   * @param gpu Where it runs.
   * @param network The network.
   * @param options What it is compiled with.
   * @throws {TypeError | RangeError} If the layers don't fit together.
   */
  constructor(gpu: Gpu, network: Layer, options: Required<ModelOptions>) {
    const { encoder, input, seed } = options;
    const encoded = encodedShape(encoder, input);
    this.gpu = gpu;
    this.network = network;
    this.options = options;
    this.input = input;
    this.output = outputShapeOf(ROOT, network, encoded);
    this.store = new ParameterStore(gpu, ROOT, network, encoded, [seed, WEIGHTS]);
  }

  /** Classes that the network tells apart: numbers of its output. */
  get classes(): number {
    return sizeOf(this.output);
  }

  /**
   * Compiles a program over the model's parameters. Whoever asked for it disposes of it.
   *
   * @param input What the samples are, besides their shape.
   * @param options What differs from a program that answers.
   * @returns The program.
   */
  async compileProgram(
    input: Omit<EncoderInput, "shape">,
    options: Partial<ProgramOptions> & { readonly mode: Mode },
  ): Promise<Program> {
    this.checkUsable();
    const { gpu, network, store } = this;
    const { encoder, timeSteps, batchSize, readout, variants } = this.options;
    const program = await this.whileUsable(compileProgram({
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
      chains: CHAINS,
      loss: answersOnly(),
      input: { shape: this.input, ...input },
      ...options,
    }));
    if (this.#disposed) program.dispose();
    this.checkUsable();
    return program;
  }

  /**
   * Lets evaluations run on a trainer's program, if they give there what they give on one of their own: so
   * its batches must be as large, since the spikes that are drawn for a sample follow from its place in one.
   *
   * @param shared The program.
   */
  share(shared: SharedProgram): void {
    const { batchSize, compiled } = shared.program;
    if (batchSize === this.options.batchSize && compiled.answersAlike) this.#shared.add(shared);
  }

  /**
   * Ends that.
   *
   * @param shared The program.
   */
  unshare(shared: SharedProgram): void {
    this.#shared.delete(shared);
  }

  /**
   * A trainer's program that rests and fits.
   *
   * @param data What would be evaluated.
   * @param loss The loss that is asked for, if one is.
   * @returns The program; nothing if there is none.
   */
  sharedFor(data: Dataset, loss: Loss | undefined): SharedProgram | undefined {
    const content = contentOf(data);
    return [...this.#shared].find((shared) => shared.isFreeFor(content, loss));
  }

  /**
   * Makes room for a data set in a program.
   *
   * @param program The program.
   * @param source The data set.
   * @param besides Data sets whose steps come in turn with those of this one.
   */
  async openIn(
    program: Program,
    source: Source,
    besides: readonly Source[] = [],
  ): Promise<void> {
    this.checkUsable();
    await this.whileUsable(program.open(source, besides));
    this.checkUsable();
  }

  /**
   * Waits for work on the device; if it fails since the model was disposed of, the error says so.
   *
   * @param work The work.
   * @returns What it gives.
   */
  async whileUsable<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.checkUsable();
      throw error;
    }
  }

  /**
   * Opens a data set that fits the network.
   *
   * @param data The data set.
   * @param options Whether it must have labels.
   * @returns The source.
   * @throws {TypeError | RangeError} If it doesn't fit.
   */
  open(data: Dataset, { labelled }: { readonly labelled: boolean }): Source {
    this.checkUsable();
    const what = "Cannot use a data set";
    const { encoder, timeSteps } = this.options;
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
    if (labelled) checkLabels(what, data);
    checkLengths(what, data, timeSteps);
    const { name, takes } = encoder;
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
   * @param data The data set.
   * @param program What ran.
   * @param result What it gave.
   * @returns The evaluation.
   */
  evaluationOf(data: Dataset, program: Program, result: PassResult): Evaluation {
    const { loss, correct, answers, sums } = result;
    const { count, labels } = data;
    const steps = stepsOf(data, this.options.timeSteps);
    return {
      loss: loss / count,
      accuracy: correct / count,
      answers,
      confusion: confusionOf(labels!, answers, this.classes),
      firing: program.neurons.map(({ path, kind, shape, spikeSums }) =>
        layerFiring(
          { layer: path, kind },
          sums.get(spikeSums)!.subarray(0, sizeOf(shape)),
          steps,
        )
      ),
      ...program.compiled.works.length > 0
        ? { counts: countsOf(program, sums, { samples: count, steps }) }
        : {},
    };
  }

  /**
   * Checks that the model is still there.
   *
   * @throws {TypeError} If it was disposed of.
   */
  checkUsable(): void {
    if (this.#disposed) throw new TypeError("Cannot use a model that was disposed of");
  }

  /** Frees the parameters. */
  dispose(): void {
    this.#disposed = true;
    this.store.dispose();
  }

  /** Calls {@linkcode ModelCore.dispose}. */
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
export function inputOf({ content, lengths }: Dataset): Omit<EncoderInput, "shape"> {
  const timeSteps = content.kind === "floats" ? content.timeSteps : undefined;
  return {
    content: content.kind,
    ...timeSteps === undefined ? {} : { timeSteps },
    ...lengths ? { lengths: true } : {},
  };
}

/** Time steps of all samples together. */
function stepsOf({ count, lengths }: Dataset, timeSteps: number): number {
  return lengths ? Array.from(lengths).reduce((sum, length) => sum + length, 0) : count * timeSteps;
}

/**
 * Says what the samples of a data set are, such as "bytes", or "floats over 8 time steps".
 *
 * @param data The data set.
 * @returns The words: the same for all that a program takes.
 */
export function contentOf(data: Dataset): string {
  const { content, timeSteps, lengths } = inputOf(data);
  const over = timeSteps === undefined ? "" : ` over ${timeSteps} time steps`;
  return `${content}${over}${lengths ? " of lengths of their own" : ""}`;
}
