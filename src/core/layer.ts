import { GpuOutOfMemoryError, KernelError } from "../gpu/errors.ts";
import type { CompiledLayer } from "./compiled_layer.ts";
import type { Chain, Scope } from "./scope.ts";
import type { Shape } from "./shape.ts";
import type { Signal } from "./signal.ts";
import type { Declarations } from "./tensor_spec.ts";

export type { CompiledLayer };

/** A layer as JSON: its kind and what it takes to make it again. */
export type LayerJson = { readonly kind: string; readonly [option: string]: unknown };

/** A layer in a container. */
export interface InnerLayer {
  /** The name of its scope. */
  readonly name: string;
  /** The layer. */
  readonly layer: Layer;
  /** What a sample has that comes into it. */
  readonly input: Shape;
}

/** A layer of a network: a description, which compiles into a program. Containers are layers, too. */
export interface Layer {
  /** The kind of layer, in messages, summaries and files. */
  readonly kind: string;
  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in, at one time step.
   * @returns What a sample has that comes out.
   * @throws {RangeError} If the layer can't take such samples.
   */
  outputShape(input: Shape): Shape;
  /**
   * Declares the tensors that the layer learns or keeps, if it has any.
   *
   * @param declarations Where to.
   * @param input What a sample has that comes in.
   */
  declare?(declarations: Declarations, input: Shape): void;
  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal that comes in.
   * @returns What comes out, and how gradients go back.
   */
  compile(scope: Scope, input: Signal): Promise<CompiledLayer>;
  /**
   * Of a layer with weights: how many numbers of the output each number that comes in reaches, through a
   * weight each. Evaluations that count multiply spikes by it.
   *
   * @param input What a sample has that comes in.
   * @returns Synapses, `[...input]`.
   */
  fanOut?(input: Shape): Uint32Array<ArrayBuffer>;
  /**
   * Of a layer that keeps something from step to step: how many numbers of a sample it updates at each.
   *
   * @param input What a sample has that comes in.
   * @returns Numbers.
   */
  updates?(input: Shape): number;
  /**
   * Of a container: the layers in it, each of which has a row of its own in a summary.
   *
   * @param input What a sample has that comes in.
   * @returns The layers by the names of their scopes, and what comes into each.
   */
  inside?(input: Shape): readonly InnerLayer[];
  /** What makes the layer again: for checkpoints and the command line. */
  toJSON(): LayerJson;
  /** What a summary calls it, such as "Linear 784 to 10"; its kind without one. */
  title?(): string;
}

/** Says a layer, for messages: its place and kind. */
const place = (path: string, { kind }: Layer) => `${path} (${kind})`;

/**
 * Compiles a layer; errors say which it is.
 *
 * @param scope The layer's scope.
 * @param layer The layer.
 * @param input The signal that comes in.
 * @returns What comes out, and how gradients go back.
 */
export async function compileLayer(
  scope: Scope,
  layer: Layer,
  input: Signal,
): Promise<CompiledLayer> {
  const where = place(scope.path, layer);
  const compiled = await located(where, () => layer.compile(scope, input));
  noteWork(scope, layer, input);
  scope.trace(layer.kind, compiled.output);
  return {
    output: compiled.output,
    backward: (gradient, needed) => located(where, () => compiled.backward(gradient, needed)),
  };
}

/**
 * Compiles neighbours together; errors say which the first of them is.
 *
 * @param chain How.
 * @param scopes The layers' scopes.
 * @param layers The layers.
 * @param input The signal that comes in.
 * @returns What comes out of the last, and how gradients go back through all.
 */
export async function compileChain(
  chain: Chain,
  scopes: readonly Scope[],
  layers: readonly Layer[],
  input: Signal,
): Promise<CompiledLayer> {
  const where = place(scopes[0]!.path, layers[0]!);
  // A layer that has variants within the chain names its own after that.
  for (const scope of scopes) scope.chose(chain.name);
  const compiled = await located(where, () => chain.compile(layers, scopes, input));
  // Only the first reads a signal; those after it have no weights.
  let { shape } = input;
  layers.forEach((layer, i) => {
    noteWork(scopes[i]!, layer, i === 0 ? input : { shape });
    shape = layer.outputShape(shape);
  });
  scopes.at(-1)!.trace(layers.at(-1)!.kind, compiled.output);
  return {
    output: compiled.output,
    backward: (gradient, needed) => located(where, () => compiled.backward(gradient, needed)),
  };
}

/**
 * Notes what a layer has to do, for evaluations that count.
 *
 * @param scope The layer's scope.
 * @param layer The layer.
 * @param input The signal that comes in, or its shape where it never leaves a kernel.
 */
export function noteWork(
  scope: Scope,
  layer: Layer,
  input: Signal | Pick<Signal, "shape">,
): void {
  const { kind } = layer;
  const { shape } = input;
  if (layer.fanOut && "kind" in input) {
    scope.work({ kind, shape, reads: input, fanOut: () => layer.fanOut!(shape) });
  }
  if (layer.updates) scope.work({ kind, shape, updates: layer.updates(shape) });
}

/**
 * What comes out of a layer; errors say which it is.
 *
 * @param path Where it stands.
 * @param layer The layer.
 * @param input What a sample has that comes in.
 * @returns What a sample has that comes out.
 */
export function outputShapeOf(path: string, layer: Layer, input: Shape): Shape {
  try {
    return layer.outputShape(input);
  } catch (error) {
    throw locate(error, place(path, layer));
  }
}

/**
 * Declares the tensors of a layer; errors say which it is.
 *
 * @param path Where it stands.
 * @param layer The layer.
 * @param declarations Where to.
 * @param input What a sample has that comes in.
 */
export function declareLayer(
  path: string,
  layer: Layer,
  declarations: Declarations,
  input: Shape,
): void {
  try {
    layer.declare?.(declarations, input);
  } catch (error) {
    throw locate(error, place(path, layer));
  }
}

async function located<T>(where: string, compile: () => Promise<T>): Promise<T> {
  try {
    return await compile();
  } catch (error) {
    throw locate(error, where);
  }
}

/** Errors that were given a place, so that a container doesn't add its own. */
const placed = new WeakSet<object>();

/** An error of the same class whose message starts with a place; the error itself if it is of another. */
function locate(error: unknown, where: string): unknown {
  if (typeof error === "object" && error !== null && placed.has(error)) return error;
  for (const Class of [TypeError, GpuOutOfMemoryError, RangeError, KernelError]) {
    if (!(error instanceof Class)) continue;
    const located = new Class(`${where}: ${error.message}`, { cause: error });
    placed.add(located);
    return located;
  }
  return error;
}
