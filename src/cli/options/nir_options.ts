/** What commands are told of a NIR file, as no file says it. */

import type { NirFires } from "../../nir/mod.ts";
import type { OptionRow } from "./option.ts";

/** How the numbers of a NIR file are meant. */
export interface NirMeaning {
  /** The file that is written or read. */
  readonly file: string;
  /** Seconds of a time step. */
  readonly dt?: number;
  /** Whether neurons of the other program fire above their threshold or at it. */
  readonly fires: NirFires;
}

/**
 * Whether a file is NIR: the ending decides.
 *
 * @param file The file's name.
 * @returns Whether.
 */
export const isNirFile = (file: string | undefined): boolean => file?.endsWith(".nir") ?? false;

const onlyNir = ({ file }: NirMeaning) =>
  isNirFile(file) ? undefined : "goes with a FILE that ends in .nir";

/** Seconds of a time step. */
export const DT = {
  field: "dt",
  names: ["dt"],
  kind: { type: "number", above: 0 },
  fallback: "0.0001",
  help: "Seconds of a time step; the program that reads the network must be told the same",
  check: onlyNir,
} as const satisfies OptionRow;

/** Whether neurons fire above their threshold or at it. */
export const FIRES = {
  field: "fires",
  names: ["fires"],
  kind: { type: "choice", choices: ["above", "at"] satisfies readonly NirFires[] },
  fallback: "above",
  help: "Neurons of that program fire above their threshold, or at it, as SpikingJelly's",
  check: onlyNir,
} as const satisfies OptionRow;
