/** Runs a layer alone and the reference beside it, on random numbers. */

import { assert, assertEquals } from "@std/assert";
import { Simulation } from "../../mod.ts";
import { type NeuronLayer, Random } from "../../src/extend.ts";
import { stateOf } from "../../src/neurons/model.ts";
import { assertClose } from "../support/close.ts";
import {
  type Charge,
  type Constants,
  type NeuronProblem,
  solveNeurons,
} from "../reference/neurons.ts";
import { sharedGpu } from "../support/gpu.ts";

const TOLERANCE = { rtol: 2e-4, atol: 5e-5 };
/** Potentials come no nearer to the threshold: float32 gives the same spikes. */
const MARGIN = 2e-4;

export interface ModelCase {
  layer: NeuronLayer;
  charge: Charge;
  /** The layer's constants by neuron of a sample, those that are learned among them. */
  constants: readonly Constants[];
  timeSteps: number;
  samples: number;
  range?: readonly [number, number];
  /** How the gradient of what is learned follows from the sum of its constant's. */
  learned?: Record<
    string,
    { constant: string; slope: (constant: number) => number; each: boolean }
  >;
}

const at = (value: number | ArrayLike<number>, n: number) =>
  typeof value === "number" ? value : value[n]!;

/** Simulates a case, forward and back, and compares all that comes out with the reference. */
export async function assertModel(model: ModelCase): Promise<void> {
  const { layer, charge, timeSteps, samples, range = [-0.5, 2] } = model;
  const description = layer.describe();
  const names = stateOf(description);
  const features = model.constants.length;
  const neurons = samples * features;
  const { vThreshold, vReset, detachReset, resetDelay, surrogate, fires = true } = description;
  const each = <T>(make: (n: number) => T) => Array.from({ length: neurons }, (_, n) => make(n));
  for (let seed = 1;; seed++) {
    assert(seed < 200, "no numbers keep the potentials away from the threshold");
    const random = new Random(seed);
    const rows = (low: number, high: number) =>
      Array.from(
        { length: timeSteps },
        () => Float32Array.from({ length: neurons }, () => random.uniform(low, high)),
      );
    const state = Object.fromEntries(
      names.map((
        name,
      ) => [name, Float32Array.from({ length: neurons }, () => random.uniform(-0.5, 0.5))]),
    );
    const problem: NeuronProblem = {
      charge,
      constants: each((n) => model.constants[n % features]!),
      ...fires && {
        fire: each((n) => ({
          vThreshold: at(vThreshold, n % features),
          vReset: vReset === null ? null : at(vReset, n % features),
        })),
      },
      detachReset,
      ...resetDelay && { resetDelay },
      surrogate,
      initial: each((n) => names.map((name) => state[name]![n]!)),
      x: rows(...range),
      ...fires && { gradSpikes: rows(-1, 1) },
      gradState: names.map(() => rows(-1, 1)),
    };
    const want = solveNeurons(problem);
    if (want.nearest < MARGIN) continue;
    const flat = (values: readonly ArrayLike<number>[]) =>
      Float32Array.from(values.flatMap((row) => Array.from(row)));
    const gpu = await sharedGpu();
    const shape = { timeSteps, neurons, features, traces: names };
    using simulation = await Simulation.compile(gpu, layer, shape);
    const got = await simulation.forward(flat(problem.x), { state });
    assertEquals([...got.spikes], want.spikes.flat());
    names.forEach((name, k) => {
      assertClose(got.traces[name]!, want.states[k]!.flat(), TOLERANCE);
      assertClose(got.final[name]!, want.states[k]!.at(-1)!, TOLERANCE);
    });
    const traces = Object.fromEntries(
      names.map((name, k) => [name, flat(problem.gradState[k]!)]),
    );
    const back = await simulation.backward({
      ...problem.gradSpikes && { spikes: flat(problem.gradSpikes) },
      traces,
    });
    assertClose(back.x, want.gradX.flat(), TOLERANCE);
    names.forEach((name, k) => assertClose(back.initial[name]!, want.gradInitial[k]!, TOLERANCE));
    assertEquals(Object.keys(back.learned), Object.keys(model.learned ?? {}));
    for (const [name, { constant, slope, each }] of Object.entries(model.learned ?? {})) {
      const sums = new Array<number>(each ? features : 1).fill(0);
      want.gradConstants[constant]!.forEach((share, n) => sums[each ? n % features : 0]! += share);
      assertClose(
        back.learned[name]!,
        sums.map((sum, feature) => sum * slope(model.constants[feature]![constant]!)),
        TOLERANCE,
      );
    }
    return;
  }
}
