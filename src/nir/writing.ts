import type { Tensor } from "../formats/tensor.ts";
import type { NirFires } from "./options.ts";

/** A layer that is written, and how. */
export interface Writing {
  /** Seconds of a time step. */
  readonly dt: number;
  /** What thresholds mean. */
  readonly fires: NirFires;
  /** A tensor of the layer. */
  parameter(name: string): Tensor;
  /** Makes the error of what NIR can't say of the layer. */
  fail(reason: string): Error;
}
