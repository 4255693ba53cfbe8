import { assertEquals } from "@std/assert";
import { IfNode, LifNode, ParametricLifNode, Simulation } from "../../mod.ts";
import type { NeuronLayer } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";
import { surrogateOf } from "../support/surrogates.ts";

/** Single layers of SpikingJelly in float64: the same spikes, potentials and gradients within the tolerance. */
const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

interface Case {
  name: string;
  neuron: "IFNode" | "LIFNode" | "ParametricLIFNode";
  config: {
    tau: number | null;
    decay_input: boolean | null;
    v_threshold: number;
    v_reset: number | null;
    detach_reset: boolean;
    surrogate: { name: string; params: Record<string, number> };
  };
  v_init: number[] | null;
  x: number[][];
  grad_s: number[][];
  grad_v: number[][] | null;
  s: number[][];
  v: number[][];
  grad_x: number[][];
  grad_v_init: number[] | null;
  grad_w: number | null;
}

const golden = JSON.parse(Deno.readTextFileSync(`${FOLDER}/neurons.json`));
const tolerance: { rtol: number; atol: number } = golden.tolerance.float32;

function layerOf({ neuron, config }: Case): NeuronLayer {
  const options = {
    vThreshold: config.v_threshold,
    vReset: config.v_reset,
    detachReset: config.detach_reset,
    storeV: true,
    surrogate: surrogateOf(config.surrogate),
  };
  if (neuron === "IFNode") return new IfNode(options);
  const leaky = { ...options, tau: config.tau!, decayInput: config.decay_input! };
  return neuron === "LIFNode" ? new LifNode(leaky) : new ParametricLifNode(leaky);
}

for (const golden_case of golden.cases as Case[]) {
  Deno.test(`a layer follows the golden case ${golden_case.name}`, async () => {
    const { x, v_init, grad_s, grad_v, s, v, grad_x, grad_v_init, grad_w } = golden_case;
    const gpu = await sharedGpu();
    using layer = await Simulation.compile(gpu, layerOf(golden_case), {
      timeSteps: x.length,
      neurons: x[0]!.length,
    });
    const forward = await layer.forward(
      Float32Array.from(x.flat()),
      v_init ? { state: Float32Array.from(v_init) } : {},
    );
    assertEquals([...forward.spikes], s.flat());
    assertEquals(
      [...forward.counts],
      s[0]!.map((_, n) => s.reduce((sum, row) => sum + row[n]!, 0)),
    );
    assertClose(forward.v!, v.flat(), tolerance);
    assertClose(forward.vFinal, v.at(-1)!, tolerance);
    const backward = await layer.backward({
      spikes: Float32Array.from(grad_s.flat()),
      ...grad_v ? { v: Float32Array.from(grad_v.flat()) } : {},
    });
    assertClose(backward.x, grad_x.flat(), tolerance);
    if (grad_v_init) assertClose(backward.vInit, grad_v_init, tolerance);
    if (grad_w !== null) assertClose([backward.w!], [grad_w], tolerance);
  });
}
