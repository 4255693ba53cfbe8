/** The golden numbers of encoders. */

interface Latency {
  encoder: "LatencyEncoder";
  config: { T: number; enc_function: "linear" | "log" };
  /** [N] */
  x: number[];
}

interface WeightedPhase {
  encoder: "WeightedPhaseEncoder";
  config: { K: number };
  /** [N] */
  x: number[];
}

interface Periodic {
  encoder: "PeriodicEncoder";
  config: { period: number };
  /** [period][N] */
  x: number[][];
}

export type Case = (Latency | WeightedPhase | Periodic) & {
  name: string;
  T: number;
  /** [T][N] */
  spikes: number[][];
};

/** What is known of random spikes: the four means over the neurons. */
export interface Statistics {
  mean: number;
  variance: number;
  lag1: number;
  pair: number;
}

export interface Goldens {
  cases: Case[];
  poisson: { p: number; expected: Statistics; tolerance: Statistics }[];
  poisson_T: number;
  poisson_trials: number;
  poisson_sigmas: number;
}

const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

export const goldens: Goldens = JSON.parse(Deno.readTextFileSync(`${FOLDER}/encoders.json`));
