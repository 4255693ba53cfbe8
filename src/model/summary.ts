/**
 * What a network is made of and how much memory it takes.
 *
 * @module
 */

import { encodedShape } from "../core/encoder.ts";
import type { Layer } from "../core/layer.ts";
import type { Loss } from "../core/loss.ts";
import type { Optimizer } from "../core/optimizer.ts";
import { formatShape, type Shape } from "../core/shape.ts";
import type { Signal } from "../core/signal.ts";
import type { ClipOptions } from "../program/gradients.ts";
import type { Allocation } from "../program/memory.ts";
import type { Program } from "../program/program.ts";
import { type ModelCore, ROOT } from "./core.ts";

/** What the network would be run for: memory follows from it. */
export interface SummaryOptions {
  /** The loss; with an optimizer, the summary is that of a training. */
  loss?: Loss;
  /** The optimizer. */
  optimizer?: Optimizer;
  /**
   * Samples of a batch.
   *
   * @default {that of the model}
   */
  batchSize?: number;
  /** How gradients are clipped. */
  clip?: ClipOptions;
}

/** A buffer or a texture on the device. */
export interface SummaryMemory {
  /** What it holds. */
  readonly label: string;
  /** Its size in bytes. */
  readonly bytes: number;
}

/** A part of a network, or of what trains it. */
export interface SummaryRow {
  /** Which part: "encoder", "layer.0" and so on, "loss", "optimizer", "feeds", "batches" or "scratch". */
  readonly part: string;
  /** What it is, such as "Linear 784 to 800". */
  readonly description: string;
  /** The kind of signal that comes out of an encoder or a layer, where it leaves its kernel. */
  readonly signal?: Signal["kind"];
  /** What comes out of an encoder or a layer at one time step. */
  readonly shape?: Shape;
  /** Which implementation it has, where there are several. */
  readonly variant?: string;
  /** Numbers that it learns. */
  readonly parameters: number;
  /** Bytes that it takes on the device. */
  readonly bytes: number;
  /** What they are made of; left empty where the GPU shares them. */
  readonly memory: readonly SummaryMemory[];
}

/** What a network is made of: see {@linkcode Model.summary}. */
export class NetworkSummary {
  /** The adapter that it was compiled for. */
  readonly adapter: string;
  /** The encoder, the layers, the loss, the optimizer, and what belongs to none of these. */
  readonly rows: readonly SummaryRow[];

  /** @ignore Made by {@linkcode Model.summary}. */
  constructor(adapter: string, rows: readonly SummaryRow[]) {
    this.adapter = adapter;
    this.rows = rows;
  }

  /** Numbers that the network learns. */
  get parameters(): number {
    return this.rows.reduce((sum, row) => sum + row.parameters, 0);
  }

  /** Bytes that it takes on the device. */
  get bytes(): number {
    return this.rows.reduce((sum, row) => sum + row.bytes, 0);
  }

  /**
   * The rows as a table.
   *
   * @returns Plain text, a line for each row, columns aligned.
   */
  toString(): string {
    const table = [
      ["", "", "signal", "shape", "variant", "parameters", "bytes"],
      ...this.rows.map((row) => [
        row.part,
        row.description,
        row.signal ?? "",
        row.shape ? formatShape(row.shape) : "",
        row.variant ?? "",
        row.parameters > 0 ? grouped(row.parameters) : "",
        grouped(row.bytes),
      ]),
      ["total", `on ${this.adapter}`, "", "", "", grouped(this.parameters), grouped(this.bytes)],
    ];
    const widths = table[0]!.map((_, column) =>
      Math.max(...table.map((cells) => cells[column]!.length))
    );
    return table.map((cells) =>
      cells.map((cell, column) =>
        column < FIRST_NUMBER ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
      ).join("  ")
    ).join("\n");
  }
}

/** The first column of numbers, which are aligned to the right. */
const FIRST_NUMBER = 5;

/**
 * Compiles a program of a model, and says what it is made of.
 *
 * @param model The model.
 * @param options What it would be run for.
 * @returns The summary.
 * @throws {TypeError | RangeError} If the loss can't read the network's output.
 */
export async function summarize(
  model: ModelCore,
  options: SummaryOptions,
): Promise<NetworkSummary> {
  const { loss, optimizer, clip, batchSize = model.options.batchSize } = options;
  const { encoder } = model.options;
  const content = encoder.takes[0]!;
  const program = await model.compileProgram({ content }, {
    mode: optimizer ? "train" : "infer",
    batchSize,
    ...loss ? { loss } : {},
    ...optimizer ? { optimizer } : {},
    ...clip ? { clip } : {},
  });
  try {
    return new NetworkSummary(model.gpu.name, rowsOf(model, program, options));
  } finally {
    program.dispose();
  }
}

function rowsOf(
  model: ModelCore,
  program: Program,
  { loss, optimizer }: SummaryOptions,
): SummaryRow[] {
  const { encoder } = model.options;
  const { store, gpu, network } = model;
  const memory = [...store.allocations, ...program.memory];
  const taken = new Set<Allocation>();
  const rowOf = (part: string, description: string) => {
    const own = memory.filter((each) => each.owner === part);
    for (const each of own) taken.add(each);
    return {
      part,
      description,
      parameters: store.learned.filter(({ owner }) => owner === part)
        .reduce((sum, { size }) => sum + size, 0),
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      memory: own.map(({ label, bytes }) => ({ label, bytes })),
    };
  };
  const encoded = encodedShape(encoder, model.input);
  const layers = layersOf(network, ROOT, encoded).flatMap(
    ({ path, layer, shape }): SummaryRow[] => {
      const row = rowOf(path, layer.title?.() ?? layer.kind);
      // Containers that take nothing themselves, such as a Sequential, have no row.
      if (layer.inside && row.bytes === 0) return [];
      const output = program.outputs.find((output) => output.path === path)?.output;
      const variant = program.chosen.get(path);
      return [{
        ...row,
        ...output ? { signal: output.kind } : {},
        shape,
        ...variant === undefined ? {} : { variant },
      }];
    },
  );
  const rows = [
    {
      ...rowOf("encoder", encoder.name),
      signal: program.compiled.input.kind,
      shape: encoded,
    },
    ...layers,
    ...loss ? [rowOf("loss", loss.name)] : [],
    ...optimizer ? [rowOf("optimizer", optimizer.name)] : [],
  ];
  // Parts of layers of one's own, and what belongs to no layer.
  const others = new Set(memory.filter((each) => !taken.has(each)).map(({ owner }) => owner));
  return [
    ...rows,
    ...[...others].map((owner) => rowOf(owner, DESCRIPTIONS[owner] ?? "")),
    {
      part: "scratch",
      description: "copies, shared on the device",
      parameters: 0,
      bytes: gpu.scratchBytes,
      memory: [],
    },
  ];
}

/** What parts are that are no layers. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  batches: "records of steps and samples",
  feeds: "samples on their way",
  gradients: "gradients in one piece",
};

/** A layer, and those in it. */
function layersOf(
  layer: Layer,
  path: string,
  input: Shape,
): { path: string; layer: Layer; shape: Shape }[] {
  const inside = (layer.inside?.(input) ?? [])
    .flatMap((inner) => layersOf(inner.layer, `${path}.${inner.name}`, inner.input));
  return [{ path, layer, shape: layer.outputShape(input) }, ...inside];
}

function grouped(value: number): string {
  return value.toLocaleString("en");
}
