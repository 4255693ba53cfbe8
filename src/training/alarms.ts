import type { LayerFiring } from "../model/evaluation.ts";
import { percent } from "../text/quantities.ts";

/** What looks wrong with a training. */
export interface Alarm {
  /** What it is. */
  readonly kind: "silent" | "saturated" | "vanishing" | "chance";
  /** The path of the layer that it is about, such as "layer.2"; none where it is the whole network. */
  readonly layer?: string;
  /** The number that raised it: a share of neurons, a norm, or an accuracy. */
  readonly value: number;
  /** What it says, in a sentence. */
  readonly message: string;
}

/** What is known of an epoch, or of a network. */
export interface AlarmInput {
  /** How the neurons fired in a test. */
  readonly firing?: readonly LayerFiring[];
  /** Norm of the gradient of each layer, in the order of the network. */
  readonly gradientNorms?: ReadonlyMap<string, number>;
  /** Correctly classified training samples, 0 to 1. */
  readonly trainAccuracy?: number;
  /** How many samples that is the share of. */
  readonly samples?: number;
  /** How many classes there are. */
  readonly classes?: number;
}

/** The share of a layer's neurons that say nothing from which a layer is said to. */
const MOST = 0.9;
/** The share of the largest norm of a layer's gradient below which another's has vanished. */
const VANISHED = 1e-5;
/** Standard deviations from chance within which an accuracy is no better. */
const DEVIATIONS = 3;

/**
 * Looks for what makes a spiking network learn nothing: layers that are silent or saturated, gradients that
 * vanish on their way back, answers that are no better than guesses.
 *
 * @param input What is known.
 * @returns The alarms; none where nothing looks wrong.
 *
 * @example
 * ```ts
 * import { alarmsOf } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const gradientNorms = new Map([["layer.0", 1e-9], ["layer.2", 0.3]]);
 * const [alarm] = alarmsOf({ gradientNorms });
 * assertEquals([alarm?.kind, alarm?.layer], ["vanishing", "layer.0"]);
 * ```
 */
export function alarmsOf(input: AlarmInput): Alarm[] {
  const { firing = [], gradientNorms = new Map<string, number>() } = input;
  return [
    ...firing.flatMap(firingAlarms),
    ...gradientAlarms(gradientNorms),
    ...chanceAlarms(input),
  ];
}

function firingAlarms({ layer, kind, rates, silent, saturated }: LayerFiring): Alarm[] {
  const neurons = rates.length;
  const alarm = (what: "silent" | "saturated", count: number, says: string): Alarm[] =>
    count < MOST * neurons ? [] : [{
      kind: what,
      layer,
      value: count / neurons,
      message: `${layer} (${kind}) is ${what}: ${
        percent(count / neurons, 0)
      } of its neurons ${says}`,
    }];
  return [
    ...alarm("silent", silent, "never fired in the test"),
    ...alarm("saturated", saturated, "fired at each time step of the test"),
  ];
}

function gradientAlarms(norms: ReadonlyMap<string, number>): Alarm[] {
  const largest = Math.max(0, ...norms.values());
  // Where all are 0 a batch left nothing to learn, or layers are silent.
  if (largest === 0) return [];
  return [...norms].filter(([, norm]) => norm <= VANISHED * largest).map(([layer, norm]) => ({
    kind: "vanishing",
    layer,
    value: norm,
    message: `the gradient of ${layer} has vanished: its norm is ${norm.toExponential(1)}, ` +
      `the largest of a layer ${largest.toExponential(1)}`,
  }));
}

function chanceAlarms({ trainAccuracy, samples = 0, classes = 0 }: AlarmInput): Alarm[] {
  if (trainAccuracy === undefined || samples === 0 || classes < 2) return [];
  const chance = 1 / classes;
  const most = chance + DEVIATIONS * Math.sqrt(chance * (1 - chance) / samples);
  if (trainAccuracy > most) return [];
  return [{
    kind: "chance",
    value: trainAccuracy,
    message:
      `the loss is at chance: ${percent(trainAccuracy, 1)} of the training samples are right, ` +
      `of ${classes} classes`,
  }];
}
