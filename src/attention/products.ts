import * as attention from "../../kernels/attention/mod.ts";
import * as lib from "../../kernels/lib/mod.ts";
import { type KernelPart, reader, writer } from "../core/readers.ts";
import type { Scope } from "../core/scope.ts";
import type { NumberSignal, StoredSignal } from "../core/signal.ts";
import { timeQuads } from "../core/time.ts";
import { READER_STEP } from "../feeds/stored.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import type { TemplateValues } from "../gpu/template.ts";

/** Lanes of a workgroup in `kernels/attention/{outer,product}.wgsl`. */
const LANES = 64;
/** Results of a lane. */
const TILE = 4;

/** What all products of a layer share. */
export interface AttentionSize {
  /** Channels of queries, keys, or values. */
  readonly channels: number;
  /** Channels of a head. */
  readonly width: number;
  /** Tokens of a sample. */
  readonly tokens: number;
  /** Whether the signals differ from step to step. */
  readonly over: NumberSignal["over"];
}

/** Rows of a signal `[rows, tokens]`, as many as there are channels. */
export interface Rows<S extends StoredSignal = StoredSignal> {
  /** The signal. */
  readonly signal: S;
  /** The first row. */
  readonly first: number;
}

type Phase = "forward" | "backward";

/**
 * `result[i][j] = factor * sum over l of a[i][l] b[j][l]` for each head.
 *
 * @param scope The layer's view of the program.
 * @param phase When it runs.
 * @param size What all products share.
 * @param operands What is multiplied, and numbers `[channels, width]`.
 */
export async function outer(scope: Scope, phase: Phase, size: AttentionSize, operands: {
  readonly a: Rows;
  readonly b: Rows;
  readonly factor?: number;
  readonly result: NumberSignal;
}): Promise<void> {
  const { a, b, factor = 1, result } = operands;
  const { channels, width } = size;
  await run(scope, phase, size, {
    name: "attention/outer",
    text: attention.outer,
    parts: [
      reader("a", a.signal, scope),
      a.signal === b.signal ? SAME : reader("b", b.signal, scope),
      writer("result", result, scope),
    ],
    values: { factor, aFirst: a.first, bFirst: b.first },
    items: channels * Math.ceil(width / TILE),
  });
}

/**
 * `result[i][l] = factor * sum over j of matrix[i][j] b[j][l]` for each head; of `matrix[j][i]`, if it is
 * transposed. In the backward phase what is past T becomes 0, as gradients are there.
 *
 * @param scope The layer's view of the program.
 * @param phase When it runs.
 * @param size What all products share.
 * @param operands Numbers `[channels, width]`, what they are multiplied by, and where the result goes.
 */
export async function product(scope: Scope, phase: Phase, size: AttentionSize, operands: {
  readonly matrix: NumberSignal;
  readonly transposed?: boolean;
  readonly b: Rows;
  readonly factor?: number;
  readonly result: Rows<NumberSignal>;
}): Promise<void> {
  const { matrix, transposed = false, b, factor = 1, result } = operands;
  const { channels, width, tokens } = size;
  await run(scope, phase, size, {
    name: "attention/product",
    text: attention.product,
    parts: [
      reader("matrix", matrix, scope),
      reader("b", b.signal, scope),
      writer("result", result.signal, scope),
    ],
    values: {
      ...{ factor, transposed, bFirst: b.first, resultFirst: result.first },
      ...{ pastIsZero: phase === "backward", steps: scope.timeSteps },
    },
    items: channels / width * Math.ceil(width / TILE) * tokens,
  });
}

/** Both operands of a product are of one signal. */
const SAME: KernelPart = {
  text: `fn b_quad(sample: u32, place: u32, quad: u32) -> vec4<f32> {
  return a_quad(sample, place, quad);
}`,
  values: {},
  resources: {},
};

/** Runs a kernel that has a lane for four time steps of each item of a sample. */
async function run(scope: Scope, phase: Phase, size: AttentionSize, kernel: {
  readonly name: string;
  readonly text: string;
  readonly parts: readonly KernelPart[];
  readonly values: TemplateValues;
  readonly items: number;
}): Promise<void> {
  const { name, text, parts, values, items } = kernel;
  const { over, ...sizes } = size;
  const quads = over === "time" ? timeQuads(scope.timeSteps) : 1;
  const lanes = scope.batchSize * quads * items;
  await scope.run(phase, {
    name,
    texts: [lib.batch, READER_STEP, ...parts.map(({ text }) => text), text],
    values: { ...values, ...sizes, quads, lanes, tile: TILE },
    resources: Object.assign({}, ...parts.map(({ resources }) => resources)),
    workgroups: workgroupsFor(lanes, LANES),
  });
}
