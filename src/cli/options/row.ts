import { neurons } from "../../neurons/mod.ts";
import type { OnlyWith, OptionRow } from "./option.ts";

/** Where an option of `train` is found again. */
export interface Kept {
  /**
   * When it is in the name of the run's folder: `"start"` as one of those that the name begins with,
   * `"always"` where it has a value, `"never"` as the result doesn't depend on it.
   *
   * @default {"changed"}
   */
  readonly inFolder?: "start" | "always" | "changed" | "never";
  /**
   * Whether saved options may lack it, and mean its default: because no file has it, or only files that
   * were written since there is this option.
   *
   * @default {false}
   */
  readonly optionalInFiles?: boolean;
}

/** A row of a table of `train`'s options. */
export type TrainRow = OptionRow & Kept;

/** The kinds of neurons that fire. */
export const FIRING: readonly string[] = [...Object.keys(neurons), "cubalif", "alif"];
/** All kinds of neurons. */
export const NEURONS: readonly string[] = [...FIRING, "li"];

/** What tells whether a network spikes. */
export interface NeuronChoice {
  /** The kind of neurons. */
  readonly neuron: string;
  /** The network, in the notation of papers. */
  readonly network?: string;
}

/**
 * Whether a network's neurons fire.
 *
 * @param options What tells it.
 * @returns Whether.
 */
export const isSpiking = ({ neuron }: NeuronChoice): boolean => FIRING.includes(neuron);

/**
 * Whether what comes out of a network is spikes.
 *
 * @param options What tells it.
 * @returns Whether; else it is numbers.
 */
export const givesSpikes = (options: NeuronChoice): boolean =>
  isSpiking(options) && !/LI$/i.test(options.network ?? "");

/** What networks alone have that run over time. */
export const overTimeOnly: OnlyWith<NeuronChoice> = { field: "neuron", choices: NEURONS };

/** What spiking networks alone have. */
export const spikesOnly: OnlyWith<NeuronChoice> = { field: "neuron", choices: FIRING };

/** What neurons alone have whose potential decays. */
export const leaksOnly: OnlyWith<NeuronChoice> = {
  field: "neuron",
  choices: NEURONS.filter((kind) => kind !== "if"),
};

/**
 * The names of an object's properties, as a type that says which.
 *
 * @param object The object.
 * @returns The names.
 */
export function keysOf<T extends object>(object: T): Extract<keyof T, string>[] {
  const keys: Extract<keyof T, string>[] = [];
  for (const key in object) keys.push(key);
  return keys;
}
