import {
  AlifNode,
  CubaLifNode,
  EifNode,
  IfNode,
  IzhikevichNode,
  KlifNode,
  LifNode,
  Linear,
  type NeuronOptions,
  QifNode,
  Recurrent,
  Sequential,
  surrogates,
  SynapseFilter,
} from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { checkGoldenLayer, type GoldenCase } from "../support/golden_layer.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readSafeTensors } from "../support/safetensors.ts";

const FILE = "tests/goldens/recurrent/recurrent.safetensors";

function neuronsOf({ layer: { neurons } }: GoldenCase): LifNode | IfNode {
  const { kind, tau, v_reset, detach_reset } = neurons;
  const options: NeuronOptions = {
    vReset: v_reset === undefined ? 0 : v_reset,
    detachReset: detach_reset ?? false,
  };
  return kind === "IFNode" ? new IfNode(options) : new LifNode({ ...options, tau });
}

/** What isn't given is the class's default. */
const defined = (options: object) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

// deno-lint-ignore no-explicit-any -- arguments of PyTorch's classes, by their names.
const common = ({ tau, v_reset: vReset, detach_reset: detachReset }: Record<string, any>) => ({
  ...{ tau, vReset, detachReset },
});

/** snnTorch's neurons: gradients never pass their reset, which is delayed by default. */
const reset = ({ reset_delay: resetDelay = true }: GoldenCase["layer"]): NeuronOptions => ({
  vReset: null,
  detachReset: resetDelay,
  resetDelay,
});

const leaky = (layer: GoldenCase["layer"]) =>
  new LifNode({ ...reset(layer), tau: 1 / (1 - layer["beta"]), decayInput: false });

const synaptic = (layer: GoldenCase["layer"]) =>
  new CubaLifNode({
    ...reset(layer),
    tauSyn: 1 / (1 - layer["alpha"]),
    tauMem: 1 / (1 - layer["beta"]),
  });

const MAKE: Record<string, (golden: GoldenCase) => Layer> = {
  LinearRecurrentContainer: (golden) => {
    const [features] = golden.shape as [number];
    return new Sequential([
      new Linear(features, features),
      new Recurrent(neuronsOf(golden), { bias: false }),
    ]);
  },
  ElementWiseRecurrentContainer: (golden) =>
    new Recurrent(neuronsOf(golden), { mode: "element-wise" }),
  Leaky: ({ layer }) => leaky(layer),
  Synaptic: ({ layer }) => synaptic(layer),
  RLeaky: ({ layer }) => new Recurrent(leaky(layer)),
  RSynaptic: ({ layer }) => new Recurrent(synaptic(layer)),
  Lsnn: ({ layer: { tau, tau_adapt: tauAdapt, beta } }) =>
    new AlifNode({ tau, tauAdapt, beta, surrogate: surrogates.superSpike!({ alpha: 1 }) }),
  SoftAdaptive: ({ layer: { tau, tau_adapt: tauAdapt, beta, detach_reset: detachReset } }) =>
    new AlifNode({ tau, tauAdapt, beta, detachReset, vReset: null }),
  QIFNode: ({ layer: { v_c: vC, a0, v_rest: vRest, ...layer } }) =>
    new QifNode(defined({ ...common(layer), vC, a0, vRest })),
  EIFNode: ({ layer: { delta_T: deltaT, theta_rh: thetaRh, v_rest: vRest, ...layer } }) =>
    new EifNode(defined({ ...common(layer), deltaT, thetaRh, vRest })),
  IzhikevichNode: ({ layer: { v_c: vC, tau_w: tauW, a, b, w_rest: wInit, ...layer } }) =>
    new IzhikevichNode(defined({ ...common(layer), vC, tauW, a, b, wInit })),
  KLIFNode: ({ layer: { decay_input: decayInput, ...layer } }) =>
    new KlifNode(defined({ ...common(layer), decayInput })),
  SynapseFilter: ({ layer: { tau, learnable } }) =>
    new SynapseFilter({ tau: learnable ? { learned: tau } : tau }),
};

const file = readSafeTensors(FILE);
const cases: GoldenCase[] = JSON.parse(file.metadata["cases"]!);
for (const [where, options] of [["", {}], [", cut for a GPU", { preset: "gpu" }]] as const) {
  for (const golden of cases) {
    const { name, layer: { type } } = golden;
    Deno.test(`${type} as PyTorch has it, ${name}${where}`, async () => {
      const gpu = await sharedGpu(options);
      for (const variants of ["auto", "plain"] as const) {
        await checkGoldenLayer(gpu, file, golden, MAKE[type]!(golden), variants);
      }
    });
  }
}
