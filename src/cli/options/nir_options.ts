/** What commands are told of a NIR file, as no file says it. */

import type { NirFeedbackBias, NirFires } from "../../nir/mod.ts";
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

/** How a NIR file that is read is meant, besides. */
export interface NirReading extends NirMeaning {
  /** Whether the bias of what comes back to neurons is there at the first step, or later. */
  readonly feedbackBias: NirFeedbackBias;
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

/** When the bias of what comes back to recurrent neurons is there. */
export const FEEDBACK_BIAS = {
  field: "feedbackBias",
  names: ["feedback-bias"],
  kind: { type: "choice", choices: ["always", "later"] satisfies readonly NirFeedbackBias[] },
  fallback: "always",
  help: "The bias of recurrent neurons' feedback is there at every time step, or, as in Norse, " +
    "from the second on",
  check: onlyNir,
} as const satisfies OptionRow;
