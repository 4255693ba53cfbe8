import {
  CubaLifNode,
  EifNode,
  KlifNode,
  LifNode,
  LiNode,
  type NeuronOptions,
  ParametricLifNode,
  QifNode,
} from "../../mod.ts";
import { type NeuronDescription, NeuronLayer } from "../../src/extend.ts";
import type { Charge } from "../reference/neurons.ts";
import { assertModel } from "./run_model.ts";

const RESETS: Pick<NeuronOptions, "detachReset" | "resetDelay" | "vReset">[] = [
  { vReset: 0, detachReset: false },
  { vReset: -0.25, detachReset: true },
  { vReset: null, detachReset: false },
  { vReset: null, detachReset: true },
  { vReset: null, detachReset: true, resetDelay: true },
];
const STEPS = [1, 7, 50, 129, 259];
const logistic = (constant: number) => constant * (1 - constant);

const cubaCharge =
  (decayInput: boolean, decayCurrent: boolean): Charge => ([v, i], x, { syn, mem, rest }) => {
    const current = decayInput ? i! + (x - i!) * syn! : i! - i! * syn! + x;
    const h = decayCurrent
      ? v! + (current - (v! - rest!)) * mem!
      : v! - (v! - rest!) * mem! + current;
    return [h, current];
  };

for (const [k, timeSteps] of STEPS.entries()) {
  for (const [j, reset] of RESETS.entries()) {
    const decayInput = (j + k) % 2 === 0;
    const decayCurrent = j % 2 === 0;
    const name = `T ${timeSteps}, ${JSON.stringify({ ...reset, decayInput, decayCurrent })}`;
    Deno.test(`current-based neurons follow the reference: ${name}`, async () => {
      const [tauSyn, tauMem, vRest] = [3, 5, 0.125];
      const layer = new CubaLifNode({
        ...{ ...reset, decayInput, decayCurrent, vRest, vThreshold: 0.75 },
        ...{ tauSyn: { learned: tauSyn }, tauMem: { learned: tauMem } },
      });
      const constants = { syn: 1 / tauSyn, mem: 1 / tauMem, rest: vRest };
      await assertModel({
        layer,
        charge: cubaCharge(decayInput, decayCurrent),
        constants: [constants, constants, constants],
        timeSteps,
        samples: 2,
        range: decayCurrent ? [-2, 4] : [-0.5, 1],
        learned: {
          w_syn: { constant: "syn", slope: logistic, each: false },
          w_mem: { constant: "mem", slope: logistic, each: false },
        },
      });
    });
  }
}

const lifCharge = (decayInput: boolean): Charge => ([v], x, { decay, rest }) => [
  decayInput ? v! + (x - (v! - rest!)) * decay! : v! - (v! - rest!) * decay! + x,
];

for (const timeSteps of STEPS) {
  for (const Node of [LifNode, ParametricLifNode]) {
    Deno.test(`each neuron has constants of its own: ${Node.name}, T ${timeSteps}`, async () => {
      const tau = [1.5, 2, 3, 8, 20];
      const vReset = Float32Array.of(0, -0.5, 0.125, 0.25, 0);
      const layer = new Node({ tau, vReset, vThreshold: [1, 0.75, 1.5, 0.5, 1] });
      await assertModel({
        layer,
        charge: lifCharge(true),
        constants: tau.map((tau, n) => ({ decay: 1 / tau, rest: vReset[n]! })),
        timeSteps,
        samples: 3,
        range: [-1, 5],
        ...Node === ParametricLifNode &&
          { learned: { w: { constant: "decay", slope: logistic, each: true } } },
      });
    });
  }
  Deno.test(`leaky integrators with constants of their own: T ${timeSteps}`, async () => {
    const tau = [1.5, 3, 40];
    const vRest = [0, -0.5, 0.25];
    await assertModel({
      layer: new LiNode({ tau, vRest }),
      charge: lifCharge(true),
      constants: tau.map((tau, n) => ({ decay: Math.fround(1 / tau), rest: vRest[n]! })),
      timeSteps,
      samples: 2,
    });
  });
}

for (const timeSteps of [1, 50, 129]) {
  const decays = [1 / 2, 1 / 4, 1 / 8];
  const of = (each: (n: number) => Record<string, number>) => decays.map((_, n) => each(n));
  Deno.test(`bent charges, constants of each neuron: T ${timeSteps}`, async () => {
    const [tau, vC, a0, vRest] = [[2, 4, 8], [0.8, 0.5, 0.75], [1, 1.5, 0.5], [0, -0.25, 0.125]];
    await assertModel({
      layer: new QifNode({ tau, vC, a0, vRest, vReset: [-0.125, -0.25, 0] }),
      charge: ([v], x, { decay, c, a0, rest }) => [
        v! + (x + a0! * (v! - rest!) * (v! - c!)) * decay!,
      ],
      constants: of((n) => ({ decay: decays[n]!, c: vC[n]!, a0: a0[n]!, rest: vRest[n]! })),
      ...{ timeSteps, samples: 2, range: [-2, 3] },
    });
    const [deltaT, thetaRh] = [[1, 0.5, 0.75], [0.8, 1, 0.75]];
    await assertModel({
      layer: new EifNode({ tau, deltaT, thetaRh, vRest, vReset: [-0.125, -0.25, 0] }),
      charge: ([v], x, { decay, delta, theta, rest }) => [
        v! + (x + rest! - v! + delta! * Math.exp((v! - theta!) / delta!)) * decay!,
      ],
      constants: of((n) => ({
        ...{ decay: decays[n]!, delta: deltaT[n]!, theta: thetaRh[n]!, rest: vRest[n]! },
      })),
      ...{ timeSteps, samples: 2, range: [-2, 3] },
    });
    const k = [1, 1.25, 0.75];
    await assertModel({
      layer: new KlifNode({ tau, k, vThreshold: 0.5 }),
      charge: ([v], x, { decay, k }) => [Math.max(0, k! * (v! + (x - v!) * decay!))],
      constants: of((n) => ({ decay: decays[n]!, k: k[n]! })),
      ...{ timeSteps, samples: 2, range: [-1, 3] },
      learned: { k: { constant: "k", slope: () => 1, each: true } },
    });
  });
}

/** Neurons whose gradients depend on the state, with three variables. */
class BentNode extends NeuronLayer {
  override readonly kind = "BentNode";
  readonly fires: boolean;

  constructor(options: NeuronOptions & { fires?: boolean } = {}) {
    super("Cannot create bent neurons", options);
    this.fires = options.fires ?? true;
  }

  override describe(): NeuronDescription {
    return {
      ...this.options,
      kind: this.kind,
      state: ["v", "slow", "gain"],
      fires: this.fires,
      constants: {
        bend: { learned: -1.5, by: "exp", name: "log_bend" },
        slowDecay: { learned: Float32Array.of(0.125, 0.25, 0.5) },
        gainDecay: [0.25, 0.125, 0.5],
      },
      wgsl: `
fn charge(s: State, x: f32) -> State {
  return State(
    s.x + 0.5 * (x * (1.0 + s.z) - s.x - bend * s.x * s.x - s.y),
    s.y + slow_decay * (s.x - s.y),
    s.z + gain_decay * (x * s.y - s.z),
  );
}
fn input_gradient(gh: State, s: State, x: f32) -> f32 {
  return gh.x * 0.5 * (1.0 + s.z) + gh.z * gain_decay * s.y;
}
fn state_gradient(gh: State, s: State, x: f32) -> State {
  return State(
    gh.x * (0.5 - bend * s.x) + gh.y * slow_decay,
    gh.y * (1.0 - slow_decay) - gh.x * 0.5 + gh.z * gain_decay * x,
    gh.z * (1.0 - gain_decay) + gh.x * 0.5 * x,
  );
}
fn bend_gradient(gh: State, s: State, x: f32) -> f32 { return gh.x * -0.5 * s.x * s.x; }
fn slow_decay_gradient(gh: State, s: State, x: f32) -> f32 { return gh.y * (s.x - s.y); }`,
    };
  }
}

const bentCharge: Charge = ([v, slow, gain], x, { bend, slowDecay, gainDecay }) => [
  v! + 0.5 * (x * (1 + gain!) - v! - bend! * v! * v! - slow!),
  slow! + slowDecay! * (v! - slow!),
  gain! + gainDecay! * (x * slow! - gain!),
];

for (const fires of [true, false]) {
  for (const timeSteps of [1, 7, 50, 129]) {
    Deno.test(`three variables, a bent charge, ${fires ? "" : "no "}spikes: T ${timeSteps}`, async () => {
      const bend = Math.exp(-1.5);
      await assertModel({
        layer: new BentNode({ fires, vThreshold: 0.5, vReset: 0 }),
        charge: bentCharge,
        constants: [[0.125, 0.25], [0.25, 0.125], [0.5, 0.5]].map(([slowDecay, gainDecay]) => ({
          bend,
          slowDecay: slowDecay!,
          gainDecay: gainDecay!,
        })),
        timeSteps,
        samples: 2,
        range: [-0.5, 1],
        learned: {
          log_bend: { constant: "bend", slope: (constant) => constant, each: false },
          slowDecay: { constant: "slowDecay", slope: () => 1, each: true },
        },
      });
    });
  }
}

/** A chain of four filters, of which the last charges the potential. */
class ChainNode extends NeuronLayer {
  override readonly kind = "ChainNode";

  override describe(): NeuronDescription {
    return {
      ...this.options,
      kind: this.kind,
      state: ["v", "c", "b", "a"],
      affine: true,
      wgsl: `
fn charge(s: State, x: f32) -> State {
  let a = 0.5 * s.w + x;
  let b = 0.5 * s.z + a;
  let c = 0.5 * s.y + b;
  return State(0.5 * s.x + 0.25 * c, c, b, a);
}
fn to_c(gh: State) -> f32 { return gh.y + 0.25 * gh.x; }
fn to_b(gh: State) -> f32 { return gh.z + to_c(gh); }
fn to_a(gh: State) -> f32 { return gh.w + to_b(gh); }
fn input_gradient(gh: State, s: State, x: f32) -> f32 { return to_a(gh); }
fn state_gradient(gh: State, s: State, x: f32) -> State {
  return 0.5 * State(gh.x, to_c(gh), to_b(gh), to_a(gh));
}`,
    };
  }
}

for (const timeSteps of [7, 129]) {
  Deno.test(`four variables: T ${timeSteps}`, async () => {
    await assertModel({
      layer: new ChainNode("Cannot create chains", { vReset: null }),
      charge: ([v, c, b, a], x) => {
        const first = 0.5 * a! + x;
        const second = 0.5 * b! + first;
        const third = 0.5 * c! + second;
        return [0.5 * v! + 0.25 * third, third, second, first];
      },
      constants: [{}, {}],
      timeSteps,
      samples: 3,
      range: [-0.5, 0.75],
    });
  });
}
