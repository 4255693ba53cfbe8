import type { Gpu } from "../../mod.ts";
import {
  CommandList,
  type Layer,
  type Mode,
  type Phase,
  type Readout,
  type Scope,
  type Shape,
} from "../../src/extend.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { ParameterStore } from "../../src/program/parameter_store.ts";

/** Words of the record of a sample, see kernels/lib/batch.wgsl. */
const SAMPLE_WORDS = 4;
/** Which of them is its class. */
const LABEL = 2;

/** What a step is run as. */
export interface StepOptions {
  /** The key of its random numbers. */
  readonly key?: number;
  readonly learns?: boolean;
  /** How many samples it has. */
  readonly samples?: number;
  /** Which step of a chunk it is. */
  readonly step?: number;
  /** Where its metrics go. */
  readonly slot?: number;
  /** What the optimizer varies. */
  readonly update?: readonly number[];
}

/** What a {@linkcode TestProgram} is made for. */
export interface TestProgramOptions {
  readonly batchSize: number;
  readonly timeSteps: number;
  /** A layer whose tensors the scope has. */
  readonly layer?: Layer;
  /** What comes into the layer. */
  readonly input?: Shape;
  readonly mode?: Mode;
  readonly variants?: "auto" | "plain";
  readonly readout?: Readout;
  readonly classes?: number;
  /** Time steps of each sample, where they may be fewer than T. */
  readonly lengths?: readonly number[];
}

/** A program of a single step: what it takes to compile one encoder, layer or loss and to run it. */
export class TestProgram implements Disposable {
  readonly gpu: Gpu;
  readonly builder: ProgramBuilder;
  readonly store: ParameterStore;
  readonly scope: Scope;

  constructor(gpu: Gpu, options: TestProgramOptions) {
    const { batchSize, timeSteps, layer = NOTHING, input = [1] } = options;
    const { mode = "train", variants = "auto", readout = "mean", classes = 1, lengths } = options;
    this.gpu = gpu;
    this.store = new ParameterStore(gpu, "layer", layer, input, [1]);
    const { store } = this;
    this.builder = new ProgramBuilder({
      gpu,
      store,
      batchSize,
      timeSteps,
      mode,
      variants,
      readout,
      classes,
      lengths: lengths !== undefined,
    });
    if (lengths) gpu.write(this.builder.lengths!.buffer, Uint32Array.from(lengths));
    this.scope = this.builder.scope("layer");
  }

  /** A buffer that holds numbers. */
  filled(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.scope.buffer(data.byteLength, "test");
    this.gpu.write(buffer, data);
    return buffer;
  }

  /** How many dispatches a phase has. */
  count(phase: Phase): number {
    return this.builder.phases[phase].length;
  }

  /** Lists all bytes of a picture for each sample, where an encoder's lists are. */
  writePictures(entries: GPUTexture, pictures: readonly ArrayLike<number>[]): void {
    const texels = Math.ceil(Math.max(...pictures.map(({ length }) => length)) / 4);
    const words = new Uint32Array(pictures.length * texels * 4);
    const records = new Uint32Array(pictures.length * SAMPLE_WORDS);
    pictures.forEach((picture, sample) => {
      records.set([sample * texels, picture.length], sample * SAMPLE_WORDS);
      for (let i = 0; i < picture.length; i++) {
        words[sample * texels * 4 + i] = i | picture[i]! << 24;
      }
    });
    this.gpu.writeTexture(entries, words);
    this.gpu.write(this.builder.samples.buffer, records);
  }

  /** Writes the class of each sample of a step. */
  writeLabels(labels: ArrayLike<number>, step = 0): void {
    const { buffer, stride } = this.builder.samples;
    if (labels.length === 0) return;
    const words = new Uint32Array(labels.length * SAMPLE_WORDS);
    for (let i = 0; i < labels.length; i++) words[i * SAMPLE_WORDS + LABEL] = labels[i]!;
    this.gpu.write(buffer, words, step * stride);
  }

  /** Runs phases as a step. */
  run(phases: Phase | readonly Phase[], options: StepOptions = {}): void {
    const { key = 1, learns = true, samples = this.scope.batchSize } = options;
    const { step = 0, slot = step, update = [] } = options;
    const { buffer, stride } = this.builder.step;
    const words = Uint32Array.of(key, slot, samples, Number(learns), 0, 0, 0, 0);
    new Float32Array(words.buffer).set(update, 4);
    this.gpu.write(buffer, words, step * stride);
    const commands = new CommandList(this.gpu.device);
    for (const phase of [phases].flat()) {
      for (const dispatch of this.builder.phases[phase]) dispatch.encode(commands, step);
    }
    this.gpu.device.queue.submit([commands.end().finish()]);
  }

  dispose(): void {
    this.builder.memory.dispose();
    this.store.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Where a scope needs no layer. */
const NOTHING: Layer = {
  kind: "Nothing",
  outputShape: (input) => input,
  compile: (_, output) =>
    Promise.resolve({ output, backward: (gradient) => Promise.resolve(gradient) }),
  toJSON: () => ({ kind: "Nothing" }),
};
