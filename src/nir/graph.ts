import type { Tensor } from "../formats/mod.ts";

/** What a node or a graph says of itself; nothing may depend on it. */
export type NirMetadata = ReadonlyMap<string, NirMetadataValue>;
/** A text, numbers, or more of the same. */
export type NirMetadataValue = string | Tensor | NirMetadata;

/** Types of nodes that aren't graphs. */
export type NirType =
  | "Affine"
  | "AvgPool2d"
  | "Conv1d"
  | "Conv2d"
  | "CubaLI"
  | "CubaLIF"
  | "Delay"
  | "Flatten"
  | "I"
  | "IF"
  | "Input"
  | "LI"
  | "LIF"
  | "Linear"
  | "Output"
  | "Scale"
  | "SumPool2d"
  | "Threshold";

/** A node that isn't a graph. */
export interface NirNode {
  /** What it is. */
  readonly type: NirType;
  /** Its numbers, by NIR's names, times in seconds; only `padding` may be a text, `same` or `valid`. */
  readonly parameters: Readonly<Record<string, Tensor | string>>;
  /** What it says of itself. */
  readonly metadata?: NirMetadata;
}

/** A graph: nodes and what goes from which to which. A graph can be a node of another. */
export interface NirGraph {
  /** What it is. */
  readonly type: "NIRGraph";
  /** The nodes by their names; the order means nothing. */
  readonly nodes: ReadonlyMap<string, NirNode | NirGraph>;
  /** From which node to which, by names; the order means nothing. */
  readonly edges: readonly (readonly [from: string, to: string])[];
  /** What it says of itself. */
  readonly metadata?: NirMetadata;
  /** The version of NIR's package that a file says it was written with; only of a file's outermost graph. */
  readonly version?: string;
}
