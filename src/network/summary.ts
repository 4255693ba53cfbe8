/**
 * What a network is made of and how much memory it takes.
 *
 * @module
 */

import type { Encoder } from "../encoders/encoder.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { Dropout } from "../layers/dropout.ts";
import type { Layer } from "../layers/layer.ts";
import { Linear } from "../layers/linear.ts";
import type { Loss } from "../losses/loss.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Signal } from "../signal/signal.ts";
import { type MemoryOwner, Plan } from "./plan.ts";
import type { Sequential } from "./sequential.ts";

/** What a network would run with: memory follows from it. */
export interface SummaryOptions {
  /** How images become signals. */
  encoder: Encoder;
  /** The loss. */
  loss: Loss;
  /** The optimizer. */
  optimizer: Optimizer;
  /** T, the number of time steps. */
  timeSteps: number;
  /** Samples of a batch. */
  batchSize: number;
  /** Features of an input image. */
  features: number;
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
  /** Which part: "encoder", "layer 0" and so on, "loss", "optimizer", "plan" or "scratch". */
  readonly part: string;
  /** What it is, such as "Linear 784 to 800". */
  readonly description: string;
  /**
   * The kind of signal that comes out of an encoder or a layer; "fused" where it never leaves a kernel
   * that does the work of the next layer too.
   */
  readonly signal?: Signal["kind"] | "fused";
  /** What comes out of an encoder or a layer: `[T, batch, features]`. */
  readonly shape?: readonly [number, number, number];
  /** Numbers that it learns. */
  readonly parameters: number;
  /** Bytes that it takes on the device. */
  readonly bytes: number;
  /** What they are made of; left empty where the GPU shares them. */
  readonly memory: readonly SummaryMemory[];
}

/** What a network is made of: see {@linkcode Sequential.summary}. */
export class NetworkSummary {
  /** The adapter that it was compiled for. */
  readonly adapter: string;
  /** The encoder, the layers, the loss, the optimizer, and what belongs to none of these. */
  readonly rows: readonly SummaryRow[];

  /** @ignore Made by {@linkcode Sequential.summary}. */
  constructor(adapter: string, rows: readonly SummaryRow[]) {
    this.adapter = adapter;
    this.rows = rows;
  }

  /** Numbers that the network learns. */
  get parameters(): number {
    return this.rows.reduce((sum, row) => sum + row.parameters, 0);
  }

  /** Bytes that training takes on the device. */
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
      ["", "", "signal", "[T, batch, features]", "parameters", "bytes"],
      ...this.rows.map((row) => [
        row.part,
        row.description,
        row.signal ?? "",
        row.shape ? `[${row.shape.join(", ")}]` : "",
        row.parameters > 0 ? grouped(row.parameters) : "",
        grouped(row.bytes),
      ]),
      ["total", `on ${this.adapter}`, "", "", grouped(this.parameters), grouped(this.bytes)],
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
const FIRST_NUMBER = 4;

/**
 * Compiles a network, and says what it is made of.
 *
 * @param gpu Where the network would run.
 * @param network The network.
 * @param options What it would run with.
 * @returns The summary.
 * @throws {TypeError | RangeError} If the layers don't fit together, or an option is out of range.
 */
export async function summarize(
  gpu: Gpu,
  network: Sequential,
  options: SummaryOptions,
): Promise<NetworkSummary> {
  const { encoder, loss, optimizer, timeSteps, batchSize, features } = options;
  using plan = await Plan.compile(gpu, { ...options, network });
  const { memory, signals, parameters, fused } = plan;
  const rowOf = (owner: MemoryOwner, description: string) => {
    const own = memory.filter((each) => each.owner === owner);
    return {
      part: typeof owner === "number" ? `layer ${owner}` : owner,
      description,
      parameters: 0,
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      memory: own.map(({ label, bytes }) => ({ label, bytes })),
    };
  };
  const layerRow = (layer: Layer, i: number): SummaryRow => {
    const { kind, features } = signals[i]!;
    return {
      ...rowOf(i, describe(layer)),
      signal: fused && layer instanceof Linear ? "fused" : kind,
      shape: [timeSteps, batchSize, features],
      parameters: parameters[i]?.size ?? 0,
    };
  };
  const { constructor } = encoder;
  return new NetworkSummary(gpu.name, [
    {
      ...rowOf("encoder", constructor === Object ? "" : constructor.name),
      signal: plan.input.kind,
      shape: [timeSteps, batchSize, features],
    },
    ...network.layers.map(layerRow),
    rowOf("loss", loss.name),
    rowOf("optimizer", optimizer.name),
    rowOf("plan", "batches"),
    {
      part: "scratch",
      description: "copies, shared on the device",
      parameters: 0,
      bytes: gpu.scratchBytes,
      memory: [],
    },
  ]);
}

function describe(layer: Layer): string {
  if (layer instanceof Linear) {
    return `Linear ${layer.inputs} to ${layer.outputs}${layer.bias ? "" : ", no bias"}`;
  }
  if (layer instanceof Dropout) return `Dropout ${layer.p}`;
  return layer.kind;
}

function grouped(value: number): string {
  return value.toLocaleString("en");
}
