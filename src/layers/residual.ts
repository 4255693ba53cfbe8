import * as lib from "../../kernels/lib/mod.ts";
import * as residual from "../../kernels/residual/mod.ts";
import { denseBytes } from "../core/dense.ts";
import {
  type CompiledLayer,
  compileLayer,
  declareLayer,
  type Layer,
  type LayerJson,
  outputShapeOf,
} from "../core/layer.ts";
import { reader, writer } from "../core/readers.ts";
import type { Scope } from "../core/scope.ts";
import { formatShape, sameShape, type Shape, sizeOf } from "../core/shape.ts";
import type { Gradient, NumberSignal, Signal, StoredSignal } from "../core/signal.ts";
import type { Declarations } from "../core/tensor_spec.ts";
import { timeQuads } from "../core/time.ts";
import { READER_STEP, scaleGradient, stored } from "../feeds/stored.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";

/** Lanes of a workgroup in `kernels/residual/*.wgsl`. */
const LANES = 64;

/**
 * Adds its input to what layers make of it: `output[t] = inner(input)[t] + input[t]`, the shortcut of a
 * residual network. Around spiking layers it is the SEW block of Fang et al., NeurIPS 2021 (`ADD`): its
 * values then are 0, 1 or 2.
 *
 * @example
 * ```ts
 * import { LifNode, Linear, Residual, Sequential } from "@galvani/snn";
 *
 * const block = new Residual(new Sequential([new Linear(64, 64), new LifNode()]));
 * ```
 */
export class Residual implements Layer {
  /** The kind of layer. */
  readonly kind = "Residual";
  /** What the input is added to. */
  readonly inner: Layer;

  /**
   * Describes the layer.
   *
   * @param inner A layer, such as a Sequential, that gives what it gets in shape.
   */
  constructor(inner: Layer) {
    this.inner = inner;
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in.
   * @returns The same.
   * @throws {RangeError} If the layers inside give another shape.
   */
  outputShape(input: Shape): Shape {
    const output = outputShapeOf("inner", this.inner, input);
    if (sameShape(input, output)) return output;
    throw new RangeError(
      `Cannot compile a Residual layer as what is inside must give the shape it gets, ` +
        `${formatShape(input)}: it gives ${formatShape(output)}`,
    );
  }

  /**
   * Declares what the layers inside learn or keep, under `inner.`.
   *
   * @param declarations Where to.
   * @param input What a sample has that comes in.
   */
  declare(declarations: Declarations, input: Shape): void {
    declareLayer("inner", this.inner, declarations.child("inner"), input);
  }

  /**
   * Adds the layers' kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal that comes in.
   * @returns Numbers `[T, batch, ...shape]`, the same at each time step where both are.
   */
  async compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    const own = await stored(scope, input);
    const child = scope.child("inner");
    const inner = await compileLayer(child, this.inner, own);
    const other = await stored(scope, inner.output);
    const output = await add(scope, own, other);
    return {
      output,
      async backward(gradient, needed) {
        const outer = await overTime(scope, gradient, output);
        const constant = outer.over === "summed";
        // Layers write gradients over what they get: the shortcut keeps its own.
        const forInner = needed
          ? await copied(scope, outer.buffer, "inner gradient")
          : outer.buffer;
        await scaleGradient(scope, other, forInner);
        const back = child.learns || needed
          ? await inner.backward(
            await fitting(scope, { over: outer.over, buffer: forInner }, other),
            needed,
          )
          : undefined;
        if (!needed) return undefined;
        await scaleGradient(scope, own, outer.buffer);
        if (constant || own.over === "time") {
          if (back?.values) await accumulate(scope, outer.buffer, back.values.buffer);
          return { values: { over: outer.over, buffer: outer.buffer } };
        }
        const total = await summed(scope, outer.buffer, own);
        if (back?.values) await accumulate(scope, total, back.values.buffer);
        return { values: { over: "summed", buffer: total } };
      },
    };
  }

  /** What makes the layer again. */
  toJSON(): { kind: "Residual"; inner: LayerJson } {
    return { kind: this.kind, inner: this.inner.toJSON() };
  }
}

/** The sum of two signals. */
async function add(scope: Scope, a: StoredSignal, b: StoredSignal): Promise<NumberSignal> {
  const { batchSize, timeSteps } = scope;
  const size = sizeOf(a.shape);
  const numbers = batchSize * size;
  const over = a.over === "constant" && b.over === "constant" ? "constant" : "time";
  const quads = over === "time" ? timeQuads(timeSteps) : 1;
  const bytes = over === "time" ? denseBytes(timeSteps, numbers) : numbers * 4;
  const output: NumberSignal = {
    kind: "numbers",
    shape: a.shape,
    over,
    values: scope.buffer(bytes, "sum"),
  };
  const parts = [
    reader("a", a, scope),
    reader("b", b, scope),
    writer("total", output, scope),
  ];
  await scope.run("forward", {
    name: "residual/add",
    texts: [lib.batch, READER_STEP, ...parts.map(({ text }) => text), residual.add],
    values: { numbers, size, quads },
    resources: Object.assign({}, ...parts.map(({ resources }) => resources)),
    workgroups: workgroupsFor(numbers * quads, LANES),
  });
  return output;
}

/** A gradient of the sum in the form that it has for numbers: summed, or over time. */
async function overTime(
  scope: Scope,
  { values }: Gradient,
  output: NumberSignal,
): Promise<{ over: "time" | "summed"; buffer: GPUBuffer }> {
  if (!values) {
    throw new TypeError("Cannot compile a Residual layer's gradient as it passes no potential on");
  }
  if (values.over !== "constant") return { over: values.over, buffer: values.buffer };
  return { over: "time", buffer: await spread(scope, values.buffer, output.shape) };
}

/** The same gradient at each time step, as one over time. */
async function spread(scope: Scope, constant: GPUBuffer, shape: Shape): Promise<GPUBuffer> {
  const { batchSize, timeSteps } = scope;
  const numbers = batchSize * sizeOf(shape);
  const quads = timeQuads(timeSteps);
  const gradient = scope.buffer(denseBytes(timeSteps, numbers), "gradient over time");
  await scope.run("backward", {
    name: "residual/spread",
    texts: [residual.spread],
    values: { numbers, quads, steps: timeSteps },
    resources: { constant, gradient },
    workgroups: workgroupsFor(numbers * quads, LANES),
  });
  return gradient;
}

/** A gradient of the sum as one of the signal inside: added up over time where that is constant. */
async function fitting(
  scope: Scope,
  gradient: { over: "time" | "summed"; buffer: GPUBuffer },
  inner: StoredSignal,
): Promise<Gradient> {
  if (gradient.over === "summed" || inner.over === "time") return { values: gradient };
  return { values: { over: "summed", buffer: await summed(scope, gradient.buffer, inner) } };
}

/** A gradient over time, added up. */
async function summed(
  scope: Scope,
  gradient: GPUBuffer,
  { shape }: StoredSignal,
): Promise<GPUBuffer> {
  const { batchSize, timeSteps } = scope;
  const numbers = batchSize * sizeOf(shape);
  const total = scope.buffer(numbers * 4, "summed gradient");
  await scope.run("backward", {
    name: "residual/sum",
    texts: [residual.sum],
    values: { numbers, quads: timeQuads(timeSteps), steps: timeSteps },
    resources: { gradient, total },
    workgroups: workgroupsFor(numbers, LANES),
  });
  return total;
}

async function copied(scope: Scope, source: GPUBuffer, label: string): Promise<GPUBuffer> {
  const copy = scope.buffer(source.size, label);
  await accumulate(scope, copy, source, false);
  return copy;
}

/** Adds a gradient to another of the same layout, or puts it in its place. */
async function accumulate(
  scope: Scope,
  target: GPUBuffer,
  source: GPUBuffer,
  adds = true,
): Promise<void> {
  const quads = target.size / 16;
  await scope.run("backward", {
    name: "residual/accumulate",
    texts: [residual.accumulate],
    values: { quads, adds },
    resources: { source, target_values: target },
    workgroups: workgroupsFor(quads, LANES),
  });
}
