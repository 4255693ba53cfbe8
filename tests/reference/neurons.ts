/**
 * What a layer of neurons of any kind must compute, in float64: one neuron, one time step after the other.
 * The derivatives of the charge are central differences, so that they owe nothing to those of a kernel.
 */

import type { Surrogate } from "../../mod.ts";

/** Half the width of a central difference: its error is near 1e-10 for charges of the tests' size. */
const STEP = 1e-5;

export type Constants = Readonly<Record<string, number>>;

/** The next state from a state, an input and the constants. */
export type Charge = (state: readonly number[], x: number, constants: Constants) => number[];

export interface NeuronProblem {
  charge: Charge;
  /** The constants of each neuron. */
  constants: readonly Constants[];
  /** Threshold and reset of each neuron; none for neurons that don't fire. */
  fire?: { vThreshold: number; vReset: number | null }[];
  detachReset?: boolean;
  /** Whether the threshold is subtracted in the next step, after the charge. */
  resetDelay?: boolean;
  surrogate: Surrogate;
  /** The state before the first step, `[N][variables]`. */
  initial: readonly (readonly number[])[];
  /** The current, `[T][N]`. */
  x: readonly ArrayLike<number>[];
  /** Gradients of the spikes, `[T][N]`. */
  gradSpikes?: readonly ArrayLike<number>[];
  /** Gradients of variables after each step, `[variables][T][N]`. */
  gradState: readonly (readonly ArrayLike<number>[])[];
}

export interface NeuronSolution {
  /** `[T][N]` */
  spikes: number[][];
  /** `[variables][T][N]` */
  states: number[][][];
  /** `[T][N]` */
  gradX: number[][];
  /** `[variables][N]` */
  gradInitial: number[][];
  /** That of each constant, `[N]`. */
  gradConstants: Record<string, number[]>;
  /** How near a potential comes to its threshold. */
  nearest: number;
}

export function solveNeurons(problem: NeuronProblem): NeuronSolution {
  const { x, initial, constants, charge, fire, surrogate, gradSpikes, gradState } = problem;
  const { detachReset = false, resetDelay = false } = problem;
  const [steps, neurons, variables] = [x.length, initial.length, initial[0]!.length];
  const grid = () => Array.from({ length: steps }, () => new Array<number>(neurons).fill(0));
  const names = Object.keys(constants[0]!);
  const solution: NeuronSolution = {
    spikes: grid(),
    states: Array.from({ length: variables }, grid),
    gradX: grid(),
    gradInitial: Array.from({ length: variables }, () => new Array<number>(neurons).fill(0)),
    gradConstants: Object.fromEntries(names.map((name) => [name, new Array(neurons).fill(0)])),
    nearest: Infinity,
  };
  for (let n = 0; n < neurons; n++) {
    const own = constants[n]!;
    const firing = fire?.[n];
    const before: number[][] = [];
    const charged: number[][] = [];
    let state = [...initial[n]!];
    for (let t = 0; t < steps; t++) {
      before.push(state);
      const h = charge(state, x[t]![n]!, own);
      if (resetDelay && state[0]! >= firing!.vThreshold) h[0]! -= firing!.vThreshold;
      charged.push(h);
      state = [...h];
      if (firing) {
        const { vThreshold, vReset } = firing;
        solution.nearest = Math.min(solution.nearest, Math.abs(h[0]! - vThreshold));
        if (h[0]! >= vThreshold) {
          solution.spikes[t]![n] = 1;
          if (!resetDelay) state[0] = vReset ?? h[0]! - vThreshold;
        }
      }
      state.forEach((value, k) => solution.states[k]![t]![n] = value);
    }
    let g = new Array<number>(variables).fill(0);
    for (let t = steps - 1; t >= 0; t--) {
      g = g.map((value, k) => value + (gradState[k]?.[t]?.[n] ?? 0));
      if (firing) {
        const { vThreshold, vReset } = firing;
        const h = charged[t]![0]!;
        const slope = surrogate.gradient(h - vThreshold);
        const spiked = h >= vThreshold ? 1 : 0;
        const jump = vReset === null ? -vThreshold : vReset - h;
        const kept = vReset === null ? 1 : 1 - spiked;
        g[0] = (gradSpikes?.[t]?.[n] ?? 0) * slope +
          g[0]! * (kept + (detachReset ? 0 : jump * slope));
      }
      const [s, input] = [before[t]!, x[t]![n]!];
      /** The product of g with the derivative of the charge along something. */
      const along = (at: (by: number) => number[]) => {
        const [up, down] = [at(STEP), at(-STEP)];
        return g.reduce((sum, value, k) => sum + value * (up[k]! - down[k]!) / (2 * STEP), 0);
      };
      solution.gradX[t]![n] = along((by) => charge(s, input + by, own));
      for (const name of names) {
        solution.gradConstants[name]![n]! += along((by) =>
          charge(s, input, { ...own, [name]: own[name]! + by })
        );
      }
      g = s.map((_, j) =>
        along((by) => charge(s.map((value, k) => k === j ? value + by : value), input, own))
      );
    }
    g.forEach((value, k) => solution.gradInitial[k]![n] = value);
  }
  return solution;
}
