import {
  type CompiledLayer,
  compileLayer,
  declareLayer,
  type InnerLayer,
  type Layer,
  type LayerJson,
  outputShapeOf,
} from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import { formatShape, sameShape, type Shape } from "../core/shape.ts";
import type { Gradient, Signal, StoredSignal } from "../core/signal.ts";
import type { Declarations } from "../core/tensor_spec.ts";
import { scaleGradient, stored } from "../feeds/stored.ts";
import { connected, type OuterGradient, productGradients } from "./connect.ts";
import { copied, gradientOverTime, sumOverTime, together } from "./gradient.ts";
import { Sequential } from "./sequential.ts";

/** Options of {@linkcode Residual}. */
export interface ResidualOptions {
  /**
   * What becomes of the input x and of what the layers inside give, y: `"ADD"` is `x + y`, `"AND"` is `x y`,
   * `"IAND"` is `x (1 - y)`.
   *
   * @default {"ADD"}
   */
  connect?: "ADD" | "AND" | "IAND";
  /**
   * Layers on the shortcut, where those inside change the shape: a convolution with the same stride, such as
   * `downsample` of PyTorch's residual networks. x is then what they give. By default the shortcut is the input.
   */
  shortcut?: Layer;
}

/**
 * A shortcut around layers, as residual networks have it: `output[t] = inner(input)[t] + input[t]`, or one of
 * the products of {@linkcode ResidualOptions}. Around spiking layers it is the SEW block of Fang et al.,
 * NeurIPS 2021: with `"ADD"` its values then are 0, 1 or 2, else 0 or 1. Where the layers inside give another
 * shape than they get, the shortcut has layers, too.
 *
 * @example
 * ```ts
 * import { BatchNorm2d, Conv2d, IfNode, LifNode, Linear, Residual, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const block = new Residual(new Sequential([new Linear(64, 64), new LifNode()]));
 *
 * const conv = (channels: number, kernelSize: number, stride: number) => [
 *   new Conv2d(channels, 32, { kernelSize, stride, padding: kernelSize >> 1, bias: false }),
 *   new BatchNorm2d(32),
 *   new IfNode(),
 * ];
 * const halving = new Residual(new Sequential([...conv(16, 3, 2), ...conv(32, 3, 1)]), {
 *   shortcut: new Sequential(conv(16, 1, 2)),
 * });
 * assertEquals(halving.outputShape([16, 28, 28]), [32, 14, 14]);
 * ```
 */
export class Residual implements Layer {
  /** The kind of layer. */
  readonly kind = "Residual";
  /** What the shortcut leads around. */
  readonly inner: Layer;
  /** What becomes of both. */
  readonly connect: "ADD" | "AND" | "IAND";
  /** The layers on the shortcut, if there are any. */
  readonly shortcut: Layer | undefined;

  /**
   * Describes the layer.
   *
   * @param inner A layer, such as a Sequential; without a `shortcut` it gives what it gets in shape.
   * @param options How both are connected, and what is on the shortcut.
   * @throws {RangeError} If `connect` is none of the three.
   */
  constructor(inner: Layer, options: ResidualOptions = {}) {
    const { connect = "ADD" } = options;
    if (!["ADD", "AND", "IAND"].includes(connect)) {
      throw new RangeError(
        `Cannot create a Residual layer as connect must be "ADD", "AND" or "IAND": ` +
          `current value is ${JSON.stringify(connect)}`,
      );
    }
    this.inner = inner;
    this.connect = connect;
    this.shortcut = options.shortcut;
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in.
   * @returns What the layers inside give.
   * @throws {RangeError} If the shortcut gives another shape.
   */
  outputShape(input: Shape): Shape {
    const output = outputShapeOf("inner", this.inner, input);
    const beside = this.shortcut ? outputShapeOf("shortcut", this.shortcut, input) : input;
    if (sameShape(beside, output)) return output;
    throw new RangeError(
      `Cannot compile a Residual layer as what is inside must give the shape ` +
        (this.shortcut ? "that its shortcut gives, " : "it gets, ") +
        `${formatShape(beside)}: it gives ${formatShape(output)}`,
    );
  }

  /**
   * Declares what the layers inside learn or keep, under `inner.`, and those on the shortcut, under `shortcut.`.
   *
   * @param declarations Where to.
   * @param input What a sample has that comes in.
   */
  declare(declarations: Declarations, input: Shape): void {
    for (const { name, layer } of this.inside(input)) {
      declareLayer(name, layer, declarations.child(name), input);
    }
  }

  /**
   * The layers inside and those on the shortcut, for summaries.
   *
   * @param input What a sample has that comes in.
   * @returns The layers, and what comes into each.
   */
  inside(input: Shape): InnerLayer[] {
    const { inner, shortcut } = this;
    return [
      { name: "inner", layer: inner, input },
      ...shortcut ? [{ name: "shortcut", layer: shortcut, input }] : [],
    ];
  }

  /** What a summary calls it. */
  title(): string {
    return `Residual, ${this.connect}`;
  }

  /**
   * Adds the layers' kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal that comes in.
   * @returns Numbers `[T, batch, ...shape]`, the same at each time step where both are; spikes, where it is a
   * product of spikes.
   */
  async compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    const own = await stored(scope, input);
    const scopes = [scope.child("inner")];
    const inner = await compileLayer(scopes[0]!, this.inner, own);
    const other = await stored(scope, inner.output);
    let shortcut: CompiledLayer = {
      output: own,
      backward: (gradient) => Promise.resolve(gradient),
    };
    if (this.shortcut) {
      const child = scope.child("shortcut");
      scopes.push(child);
      const first = await ownCopy(scope, own, this.shortcut);
      shortcut = await compileLayer(child, this.shortcut, first);
    }
    const way = await stored(scope, shortcut.output);
    const output = await connected(scope, this.connect, way, other);
    return {
      output,
      backward: async (gradient, needed) => {
        if (!needed && !scopes.some(({ learns }) => learns)) return undefined;
        const outer = await outerOf(scope, gradient, output);
        const { over } = outer;
        const both = needed || this.shortcut !== undefined;
        const [forWay, forInner] = this.connect === "ADD"
          // Layers write gradients over what they get: the shortcut keeps its own.
          ? [outer.buffer, both ? await copied(scope, "backward", outer.buffer) : outer.buffer]
          : await productGradients(scope, this.connect, way, other, outer);
        let along: Gradient | undefined;
        // The layers inside may write theirs over what both get: so the shortcut's way back is first.
        if (both) {
          await scaleGradient(scope, way, forWay);
          const fits = await fitting(scope, { over, buffer: forWay }, way);
          along = await shortcut.backward(fits, needed);
        }
        await scaleGradient(scope, other, forInner);
        const back = await inner.backward(
          await fitting(scope, { over, buffer: forInner }, other),
          needed,
        );
        return needed ? await together(scope, own, along, back) : undefined;
      },
    };
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { kind, connect, inner, shortcut } = this;
    return {
      kind,
      inner: inner.toJSON(),
      connect,
      ...shortcut && { shortcut: shortcut.toJSON() },
    };
  }
}

/**
 * What the layers on a shortcut get. Layers may write gradients over numbers that they get, which those inside
 * read, too; such with weights don't.
 */
async function ownCopy(scope: Scope, own: StoredSignal, first: Layer): Promise<StoredSignal> {
  if (own.kind !== "numbers" || leavesInput(first)) return own;
  return { ...own, values: await copied(scope, "forward", own.values) };
}

/** Whether a layer leaves what it gets as it is. */
function leavesInput(layer: Layer): boolean {
  if (layer instanceof Sequential) return layer.layers.slice(0, 1).every(leavesInput);
  return layer.fanOut !== undefined;
}

async function outerOf(
  scope: Scope,
  gradient: Gradient,
  output: StoredSignal,
): Promise<OuterGradient> {
  const buffer = await gradientOverTime(scope, gradient, output);
  return { over: gradient.values?.over === "summed" ? "summed" : "time", buffer };
}

/** A gradient of the output as one of the signal inside: added up over time where that is constant. */
async function fitting(
  scope: Scope,
  gradient: OuterGradient,
  inner: StoredSignal,
): Promise<Gradient> {
  if (gradient.over === "summed" || inner.over === "time") return { values: gradient };
  return {
    values: { over: "summed", buffer: await sumOverTime(scope, gradient.buffer, inner.shape) },
  };
}
