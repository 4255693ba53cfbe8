import { assertEquals } from "@std/assert";
import { CubaLifNode, CubaLiNode, type Gpu, LiNode, Simulation } from "../../mod.ts";
import type { NeuronLayer, NeuronValue } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";
import { surrogateOf } from "../support/surrogates.ts";

/** Layers of SpikingJelly, snnTorch and Norse in float64: current-based neurons and leaky integrators. */
const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

interface Case {
  name: string;
  T: number;
  N: number;
  decayInput: boolean;
  vRest: number;
  /** Whether the time constants are learned. */
  learned?: boolean;
  v_init: number[];
  x: number[][];
  grad_v: number[][];
  v: number[][];
  grad_x: number[][];
  grad_v_init: number[];
  /** By the name of what is learned: one number, or one for each neuron. */
  grad_w: Record<string, number | number[]> | null;
}

interface CurrentCase extends Case {
  tauSyn: NeuronValue;
  tauMem: NeuronValue;
  decayCurrent: boolean;
  i_init: number[];
  grad_i: number[][];
  i: number[][];
  grad_i_init: number[];
}

interface CubaCase extends CurrentCase {
  vThreshold?: number;
  vReset: number | null;
  detachReset: boolean;
  surrogate: { name: string; params: Record<string, number> };
  grad_s: number[][];
  s: number[][];
}

interface LiCase extends Case {
  neuron: "Li";
  tau: NeuronValue;
}

interface CubaLiCase extends CurrentCase {
  neuron: "CubaLi";
}

interface Golden<C> {
  tolerance: { float32: { rtol: number; atol: number } };
  cases: C[];
}

function read<C>(name: string): Golden<C> {
  return JSON.parse(Deno.readTextFileSync(`${FOLDER}/${name}.json`));
}

const flat = (rows: number[][]) => Float32Array.from(rows.flat());

/** A layer for a case, and a check of what all kinds have. */
async function compile(gpu: Gpu, layer: NeuronLayer, { T, N }: Case, traces: string[] = []) {
  return await Simulation.compile(gpu, layer, { timeSteps: T, neurons: N, traces });
}

/** A time constant of a case, learned or not. */
const time = (tau: NeuronValue, { learned = false }: Case) => learned ? { learned: tau } : tau;

function assertLearned(
  got: Readonly<Record<string, Float32Array>>,
  want: Case["grad_w"],
  tolerance: { rtol: number; atol: number },
): void {
  assertEquals(Object.keys(got), Object.keys(want ?? {}));
  for (const [name, values] of Object.entries(want ?? {})) {
    assertClose(got[name]!, [values].flat(), tolerance);
  }
}

const cuba = read<CubaCase>("current_based_neurons");
for (const golden of cuba.cases) {
  Deno.test(`current-based neurons follow the golden case ${golden.name}`, async () => {
    const { vThreshold = 1, vReset, vRest, decayInput, decayCurrent, detachReset } = golden;
    const tolerance = cuba.tolerance.float32;
    const layer = new CubaLifNode({
      ...{ vThreshold, vReset, vRest, decayInput, decayCurrent, detachReset, storeV: true },
      tauSyn: time(golden.tauSyn, golden),
      tauMem: time(golden.tauMem, golden),
      surrogate: surrogateOf(golden.surrogate),
    });
    const gpu = await sharedGpu();
    using simulation = await compile(gpu, layer, golden, ["i"]);
    const state = { v: Float32Array.from(golden.v_init), i: Float32Array.from(golden.i_init) };
    const forward = await simulation.forward(flat(golden.x), { state });
    assertEquals([...forward.spikes], golden.s.flat());
    assertClose(forward.traces.v!, golden.v.flat(), tolerance);
    assertClose(forward.traces.i!, golden.i.flat(), tolerance);
    assertClose(forward.final.v!, golden.v.at(-1)!, tolerance);
    assertClose(forward.final.i!, golden.i.at(-1)!, tolerance);
    const backward = await simulation.backward({
      spikes: flat(golden.grad_s),
      v: flat(golden.grad_v),
      traces: { i: flat(golden.grad_i) },
    });
    assertClose(backward.x, golden.grad_x.flat(), tolerance);
    assertClose(backward.initial.v!, golden.grad_v_init, tolerance);
    assertClose(backward.initial.i!, golden.grad_i_init, tolerance);
    assertLearned(backward.learned, golden.grad_w, tolerance);
  });
}

const li = read<LiCase | CubaLiCase>("leaky_integrators");
for (const golden of li.cases) {
  Deno.test(`leaky integrators follow the golden case ${golden.name}`, async () => {
    const tolerance = li.tolerance.float32;
    const current = golden.neuron === "CubaLi" ? golden : undefined;
    const gpu = await sharedGpu();
    using simulation = await compile(gpu, integrator(golden), golden, current ? ["i"] : []);
    const state = {
      v: Float32Array.from(golden.v_init),
      ...current && { i: Float32Array.from(current.i_init) },
    };
    const forward = await simulation.forward(flat(golden.x), { state });
    assertClose(forward.v!, golden.v.flat(), tolerance);
    assertClose(forward.vFinal, golden.v.at(-1)!, tolerance);
    assertEquals([...new Set(forward.spikes)], [0]);
    const backward = await simulation.backward({
      v: flat(golden.grad_v),
      ...current && { traces: { i: flat(current.grad_i) } },
    });
    assertClose(backward.x, golden.grad_x.flat(), tolerance);
    assertClose(backward.vInit, golden.grad_v_init, tolerance);
    if (current) {
      assertClose(forward.traces.i!, current.i.flat(), tolerance);
      assertClose(backward.initial.i!, current.grad_i_init, tolerance);
    }
    assertLearned(backward.learned, golden.grad_w, tolerance);
  });
}

function integrator(golden: LiCase | CubaLiCase): NeuronLayer {
  const { vRest, decayInput } = golden;
  return golden.neuron === "Li"
    ? new LiNode({ tau: time(golden.tau, golden), vRest, decayInput })
    : new CubaLiNode({
      ...{ vRest, decayInput, decayCurrent: golden.decayCurrent },
      tauSyn: time(golden.tauSyn, golden),
      tauMem: time(golden.tauMem, golden),
    });
}
