import * as lib from "../../kernels/lib/mod.ts";
import * as residual from "../../kernels/residual/mod.ts";
import { type KernelPart, reader, writer } from "../core/readers.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { isWhole, type NumberSignal, type SpikeSignal, type StoredSignal } from "../core/signal.ts";
import { timeQuads, timeWords } from "../core/time.ts";
import { READER_STEP } from "../feeds/stored.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import type { TemplateValues } from "../gpu/template.ts";
import { newNumbers } from "./new_numbers.ts";

/** Lanes of a workgroup in `kernels/residual/{connect,connect_spikes,product_gradient}.wgsl`. */
const LANES = 64;

/** What becomes of a shortcut x and of what the layers beside it give, y: `x + y`, `x y` or `x (1 - y)`. */
export type Connection = "ADD" | "AND" | "IAND";

/** A gradient of what two signals make together, in the form that it has for numbers. */
export interface OuterGradient {
  /** Whether it is over time, or added up. */
  readonly over: "time" | "summed";
  /** The gradient. */
  readonly buffer: GPUBuffer;
}

/**
 * The sum or the product of a shortcut and of what the layers beside it give.
 *
 * @param scope The layer's view of the program.
 * @param connect Which.
 * @param way What comes by the shortcut.
 * @param other What the layers give.
 * @returns Spikes, where it is a product of spikes; else numbers.
 */
export async function connected(
  scope: Scope,
  connect: Connection,
  way: StoredSignal,
  other: StoredSignal,
): Promise<StoredSignal> {
  // Spikes after dropout count more than 1.
  if (
    connect !== "ADD" && way.kind === "spikes" && other.kind === "spikes" &&
    way.scale === undefined && other.scale === undefined
  ) {
    return await connectedSpikes(scope, connect, way, other);
  }
  const over = way.over === "constant" && other.over === "constant" ? "constant" : "time";
  const output = {
    ...newNumbers(scope, way.shape, over, "connected"),
    whole: connect !== "IAND" && isWhole(way) && isWhole(other),
  };
  await runOn(scope, "forward", "residual/connect", {
    parts: [reader("a", way, scope), reader("b", other, scope), writer("result", output, scope)],
    text: residual.connect,
    values: { and: connect === "AND", iand: connect === "IAND" },
    output,
  });
  return output;
}

async function connectedSpikes(
  scope: Scope,
  connect: Connection,
  way: SpikeSignal,
  other: SpikeSignal,
): Promise<SpikeSignal> {
  const { batchSize, timeSteps } = scope;
  const numbers = batchSize * sizeOf(way.shape);
  const words = timeWords(timeSteps);
  const output: SpikeSignal = {
    kind: "spikes",
    shape: way.shape,
    over: "time",
    spikes: scope.buffer(words * numbers * 4, "connected spikes"),
    counts: scope.buffer(numbers * 4, "connected spike counts"),
  };
  await scope.run("forward", {
    name: "residual/connect (spikes)",
    texts: [residual.connectSpikes],
    values: { numbers, words, iand: connect === "IAND" },
    resources: {
      a: way.spikes,
      b: other.spikes,
      result: output.spikes,
      result_counts: output.counts,
    },
    workgroups: workgroupsFor(numbers, LANES),
  });
  return output;
}

/**
 * The gradients of a product.
 *
 * @param scope The layer's view of the program.
 * @param connect Which product.
 * @param way What comes by the shortcut.
 * @param other What the layers give.
 * @param outer The gradient of the product.
 * @returns Those for the shortcut and for what the layers give.
 */
export async function productGradients(
  scope: Scope,
  connect: Connection,
  way: StoredSignal,
  other: StoredSignal,
  { over, buffer }: OuterGradient,
): Promise<[GPUBuffer, GPUBuffer]> {
  const { shape } = way;
  const numbers = (label: string) =>
    newNumbers(scope, shape, over === "summed" ? "constant" : "time", label);
  const [forWay, forInner] = [numbers("shortcut gradient"), numbers("inner gradient")];
  await runOn(scope, "backward", "residual/product_gradient", {
    parts: [
      reader("a", way, scope),
      reader("b", other, scope),
      reader("g", { ...forWay, values: buffer }, scope),
      writer("for_a", forWay, scope),
      writer("for_b", forInner, scope),
    ],
    text: residual.productGradient,
    values: { iand: connect === "IAND", steps: scope.timeSteps },
    output: forWay,
  });
  return [forWay.values, forInner.values];
}

/** Runs a kernel that has a lane for four time steps of each number. */
async function runOn(
  scope: Scope,
  phase: "forward" | "backward",
  name: string,
  { parts, text, values, output: { shape, over } }: {
    readonly parts: readonly KernelPart[];
    readonly text: string;
    readonly values: TemplateValues;
    readonly output: { readonly shape: Shape; readonly over: NumberSignal["over"] };
  },
): Promise<void> {
  const size = sizeOf(shape);
  const numbers = scope.batchSize * size;
  const quads = over === "time" ? timeQuads(scope.timeSteps) : 1;
  await scope.run(phase, {
    name,
    texts: [lib.batch, READER_STEP, ...parts.map(({ text }) => text), text],
    values: { ...values, numbers, size, quads },
    resources: Object.assign({}, ...parts.map(({ resources }) => resources)),
    workgroups: workgroupsFor(numbers * quads, LANES),
  });
}
