/**
 * What encoders, layers, losses and optimizers see of the program that they are compiled into. They
 * ask it by name for what they need; nobody counts layers or owns memory by hand.
 *
 * @module
 */

import type { Gpu } from "../gpu/gpu.ts";
import type { Resource, StepBuffer } from "../gpu/bindings.ts";
import type { Dispatch } from "../gpu/dispatch.ts";
import type { TemplateValues } from "../gpu/template.ts";
import type { CompiledLayer } from "./compiled_layer.ts";
import type { Feed } from "./feed.ts";
import type { Shape } from "./shape.ts";
import type { Signal } from "./signal.ts";

/**
 * When in a step a dispatch runs: `"observe"` in steps that are looked at, after `"forward"`;
 * `"reduce"` and `"update"` in steps that learn, after `"backward"`.
 */
export type Phase = "forward" | "observe" | "backward" | "reduce" | "update";

/** What a program is for. */
export type Mode =
  /** It learns, and tests what was learned. */
  | "train"
  /** It answers: no gradient is compiled. */
  | "infer"
  /** It answers, and all signals and the neurons' traces are kept to be looked at. */
  | "record";

/** How values over time become one score: their mean, their largest, or the last. */
export type Readout = "mean" | "max" | "last";

/** Numbers that are learned, on the device. */
export interface Parameter {
  /** How many numbers there are. */
  readonly size: number;
  /** f32, `size` rounded up to a multiple of 4. */
  readonly values: GPUBuffer;
  /** f32 `[copies]` of the same layout, to be added up. It is there in mode `"train"`. */
  readonly gradient: GPUBuffer;
  /** How many copies of the gradient there are. */
  readonly copies: number;
  /** Whether weight decay counts for them. */
  readonly decays: boolean;
}

/** A kernel, what it binds and how often it runs. */
export interface KernelRun {
  /** Its name in messages. */
  readonly name: string;
  /** Its template, cut into as many texts as is convenient. */
  readonly texts: readonly string[];
  /**
   * Values for the template's expressions and its `override` constants. `lengths`, whether there are any, comes
   * by itself.
   */
  readonly values: TemplateValues;
  /** What is bound to the names that the template declares. `step`, `samples` and `lengths` come by themselves. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** Workgroups in x, y and z; `workgroupsFor(items, lanes)` gives each lane an item. */
  readonly workgroups: readonly [number, number?, number?];
  /** What the kernel has besides in steps that are observed, if it isn't the same there. */
  readonly observed?: Pick<KernelRun, "values" | "resources">;
}

/** A layer of neurons, as evaluations and recordings look at it. */
export interface ObservedNeurons {
  /** The path of the layer's scope, such as "layer.2". */
  readonly path: string;
  /** The kind of neurons. */
  readonly kind: string;
  /** Neurons of a sample. */
  readonly shape: Shape;
  /** u32 `[size]`: spikes over all samples of the steps that were observed. */
  readonly spikeSums: GPUBuffer;
}

/** What a layer has to do for a sample, as evaluations that count look at it. */
export interface LayerWork {
  /** The path of the layer's scope, such as "layer.2". */
  readonly path: string;
  /** The kind of layer. */
  readonly kind: string;
  /** What a sample has that comes in. */
  readonly shape: Shape;
  /** Of a layer with weights: the signal that it reads. */
  readonly reads?: Signal;
  /** Synapses of each number of that signal, `[...shape]`. */
  readonly fanOut?: () => Uint32Array<ArrayBuffer>;
  /** Whether it reads that signal one time step late: spikes of the last step reach nothing then. */
  readonly delayed?: boolean;
  /** Of a layer that keeps something from step to step: how many numbers it updates at each. */
  readonly updates?: number;
}

/** What a layer gives, as recordings look at it. */
export interface LayerOutput {
  /** The path of the layer's scope, such as "layer.2". */
  readonly path: string;
  /** The kind of layer. */
  readonly kind: string;
  /** What it gives. */
  readonly output: Signal;
}

/** A layer, as far as a scope knows it. */
export interface Part {
  /** The kind of layer. */
  readonly kind: string;
}

/** Neighbours in a Sequential that run as fewer kernels than they are layers: a variant of them all. */
export interface Chain {
  /** Its name in summaries. */
  readonly name: string;
  /**
   * How many layers it can take.
   *
   * @param layers The layers from some place in a Sequential on.
   * @param input The signal that comes in.
   * @param scope The first layer's view of the program.
   * @returns How many of them, the first ones; 0 if it can't take them.
   */
  fits(layers: readonly Part[], input: Signal, scope: Scope): number;
  /**
   * Adds the kernels of the layers to a program.
   *
   * @param layers The layers that it takes.
   * @param scopes Their views of the program.
   * @param input The signal that comes in.
   * @returns What comes out of the last, and how gradients go back through all.
   */
  compile(
    layers: readonly Part[],
    scopes: readonly Scope[],
    input: Signal,
  ): Promise<CompiledLayer>;
}

/** A part's view of the program that is being compiled. */
export interface Scope {
  /** Where the program will run. */
  readonly gpu: Gpu;
  /** Where the part stands, such as "layer.2": names its tensors, memory and random numbers. */
  readonly path: string;
  /** Samples of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** What the program is for. */
  readonly mode: Mode;
  /** Which implementations may be chosen: `"plain"` leaves out all variants that are there for speed. */
  readonly variants: "auto" | "plain";
  /** How neighbours in a Sequential may be compiled together, the fastest first. */
  readonly chains: readonly Chain[];
  /** Whether steps that learn change what is learned or kept; else gradients are there to be read only. */
  readonly updates: boolean;
  /** Whether the program counts what layers have to do: encoders then may sum up the spikes they make. */
  readonly counts: boolean;
  /** Whether the part, or a part of it, declared something that is learned. */
  readonly learns: boolean;
  /** How values over time become one score for each class. */
  readonly readout: Readout;
  /** `Step` of `kernels/lib/batch.wgsl`: a window for each step. */
  readonly step: StepBuffer;
  /** `Sample` of `kernels/lib/batch.wgsl`, `[batch]`: a window for each step. */
  readonly samples: StepBuffer;
  /**
   * u32 `[batch]`, a window for each step: time steps of each sample, 1 to T, where samples may end before T.
   * Neurons fire nothing after the end of theirs, and gradients are 0 there; other numbers may be anything.
   */
  readonly lengths: StepBuffer | undefined;
  /**
   * f32 `[slot][batch][2]`: the loss and the answer of each sample of a step; in programs that don't learn
   * `[slot][batch][2 + classes]`, the score of each class after them.
   */
  readonly metrics: GPUBuffer;
  /**
   * The scope of a part of this part.
   *
   * @param name The part's name.
   */
  child(name: string): Scope;
  /**
   * What the part declared that it learns.
   *
   * @param name The name that it was declared by.
   * @param copies Partial gradients that its kernels leave; 1 by default.
   * @throws {TypeError} If nothing of that name was declared.
   */
  parameter(name: string, copies?: number): Parameter;
  /**
   * What the part declared that it keeps.
   *
   * @param name The name that it was declared by.
   * @throws {TypeError} If nothing of that name was declared.
   */
  state(name: string): GPUBuffer;
  /**
   * Makes a buffer of zeros that lives as long as the program.
   *
   * @param bytes Its size.
   * @param label Its name in messages and summaries.
   */
  buffer(bytes: number, label: string): GPUBuffer;
  /**
   * Makes a texture of zeros that lives as long as the program.
   *
   * @param texels How many vec4 of u32 it holds.
   * @param label Its name in messages and summaries.
   */
  texture(texels: number, label: string): GPUTexture;
  /**
   * A window of a buffer for each of so many steps, which lives as long as the program.
   *
   * @param bytes Bytes of a window.
   * @param steps How many steps.
   * @param label Its name in messages and summaries.
   */
  window(bytes: number, steps: number, label: string): StepBuffer;
  /**
   * Destroys a buffer or a texture of the program before its end.
   *
   * @param memory What nothing uses any more.
   */
  free(memory: GPUBuffer | GPUTexture): void;
  /**
   * What brings host data to the device, made once however many ask.
   *
   * @param name What tells it from others.
   * @param make Makes it.
   */
  feed<F extends Feed>(name: string, make: (scope: Scope) => F | Promise<F>): Promise<F>;
  /**
   * Compiles a kernel, binds it and adds it to the end of a phase.
   *
   * @param phase When it runs.
   * @param kernel The kernel.
   */
  run(phase: Phase, kernel: KernelRun): Promise<void>;
  /**
   * Adds what was bound already to the end of a phase.
   *
   * @param phase When it runs.
   * @param dispatch What runs.
   */
  add(phase: Phase, dispatch: Pick<Dispatch, "name" | "encode">): void;
  /**
   * A random word of the part's own, another for each part and purpose.
   *
   * @param purpose What the numbers are for.
   */
  stream(purpose: string): number;
  /**
   * Says that spikes are there to be looked at.
   *
   * @param neurons The layer of neurons.
   */
  observe(neurons: Omit<ObservedNeurons, "path">): void;
  /**
   * Says what a layer has to do, for evaluations that count.
   *
   * @param work The layer's work.
   */
  work(work: Omit<LayerWork, "path">): void;
  /**
   * Says what a layer gives, for recordings.
   *
   * @param kind The kind of layer.
   * @param output What it gives.
   */
  trace(kind: string, output: Signal): void;
  /**
   * Says which implementation a part has, for summaries.
   *
   * @param variant Its name.
   */
  chose(variant: string): void;
}
