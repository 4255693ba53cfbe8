import {
  compileChain,
  type CompiledLayer,
  compileLayer,
  declareLayer,
  type InnerLayer,
  type Layer,
  type LayerJson,
  outputShapeOf,
} from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import type { Shape } from "../core/shape.ts";
import type { Gradient, Signal } from "../core/signal.ts";
import type { Declarations } from "../core/tensor_spec.ts";

/**
 * Layers, one after the other: a network, or a part of one, since it is a layer itself. What layer i
 * learns is saved under `i.`, as in PyTorch.
 *
 * @example
 * ```ts
 * import { LifNode, Linear, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([new Linear(784, 10, { bias: false }), new LifNode({ tau: 2 })]);
 * ```
 */
export class Sequential implements Layer {
  /** The kind of layer. */
  readonly kind = "Sequential";
  /** The layers, in order. */
  readonly layers: readonly Layer[];

  /**
   * Describes a network.
   *
   * @param layers The layers, in order.
   * @throws {RangeError} If there is none.
   * @throws {TypeError} If one isn't a layer.
   */
  constructor(layers: readonly Layer[]) {
    if (layers.length === 0) {
      throw new RangeError("Cannot create a network without layers");
    }
    layers.forEach((layer: Partial<Layer> | undefined, i) => {
      if (typeof layer?.compile !== "function" || typeof layer.outputShape !== "function") {
        throw new TypeError(
          `Cannot create a network as layer ${i} must be a layer, such as new LifNode(): ` +
            `current value is ${typeof layer === "function" ? `the class ${layer}` : layer}`,
        );
      }
    });
    this.layers = [...layers];
  }

  /**
   * What comes out of the last layer.
   *
   * @param input What a sample has that comes in.
   * @returns What a sample has that comes out.
   * @throws {RangeError} If a layer can't take what the one before it gives.
   */
  outputShape(input: Shape): Shape {
    return this.layers.reduce(
      (shape, layer, i) => outputShapeOf(`layer ${i}`, layer, shape),
      input,
    );
  }

  /**
   * Declares what the layers learn or keep.
   *
   * @param declarations Where to.
   * @param input What a sample has that comes in.
   */
  declare(declarations: Declarations, input: Shape): void {
    for (const { name, layer, input: shape } of this.inside(input)) {
      declareLayer(`layer ${name}`, layer, declarations.child(name), shape);
    }
  }

  /**
   * Adds the layers' kernels to a program.
   *
   * @param scope The network's view of the program.
   * @param input The signal that comes in.
   * @returns What comes out of the last layer, and how gradients go back through all.
   */
  async compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    const scopes = this.layers.map((_, i) => scope.child(String(i)));
    const parts: { readonly first: number; readonly end: number; compiled: CompiledLayer }[] = [];
    for (let first = 0; first < this.layers.length;) {
      const signal: Signal = parts.at(-1)?.compiled.output ?? input;
      const layers = this.layers.slice(first);
      const chain = scope.chains.find((chain) => chain.fits(layers, signal, scopes[first]!) > 0);
      const count = chain?.fits(layers, signal, scopes[first]!) ?? 1;
      const end = first + count;
      const compiled = chain
        ? await compileChain(chain, scopes.slice(first, end), layers.slice(0, count), signal)
        : await compileLayer(scopes[first]!, layers[0]!, signal);
      parts.push({ first, end, compiled });
      first = end;
    }
    return {
      output: parts.at(-1)!.compiled.output,
      async backward(gradient, needed) {
        let back: Gradient | undefined = gradient;
        for (const { first, end, compiled } of parts.toReversed()) {
          const before = needed || scopes.slice(0, first).some(({ learns }) => learns);
          const learns = scopes.slice(first, end).some(({ learns }) => learns);
          if (!back || !before && !learns) return undefined;
          back = await compiled.backward(back, before);
        }
        return back;
      },
    };
  }

  /**
   * The layers, for summaries.
   *
   * @param input What a sample has that comes in.
   * @returns The layers, and what comes into each.
   */
  inside(input: Shape): InnerLayer[] {
    let shape = input;
    return this.layers.map((layer, i) => {
      const inner = { name: String(i), layer, input: shape };
      shape = layer.outputShape(shape);
      return inner;
    });
  }

  /** What makes the network again. */
  toJSON(): { kind: "Sequential"; layers: readonly LayerJson[] } {
    return { kind: this.kind, layers: this.layers.map((layer) => layer.toJSON()) };
  }
}
