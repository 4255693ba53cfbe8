import { assertEquals } from "@std/assert";
import {
  Adam,
  Gpu,
  IfNode,
  type Layer,
  LifNode,
  Linear,
  type Loss,
  NeuronLayer,
  type Optimizer,
  ParametricLifNode,
  rateCrossEntropy,
  rateMse,
  Sequential,
  Sgd,
} from "../../mod.ts";
import { Plan } from "../../src/network/plan.ts";
import { assertClose } from "../support/close.ts";
import { InjectedEncoder } from "../support/injected_encoder.ts";
import { unfused } from "../support/losses.ts";
import { fromTorch, readGradient, readSpikes, readValues } from "../support/plan_reader.ts";
import { readSafeTensors, type SafeTensors } from "../support/safetensors.ts";
import { surrogateOf } from "../support/surrogates.ts";

/** Training runs of SpikingJelly in float64: the same spikes, gradients and parameters within the tolerance. */
const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

interface LinearConfig {
  type: "Linear";
  in: number;
  out: number;
  bias: boolean;
}

interface NeuronConfig {
  type: "LIFNode" | "IFNode" | "ParametricLIFNode";
  tau: number;
  decay_input: boolean;
  v_threshold: number;
  v_reset: number | null;
  detach_reset: boolean;
  surrogate: { name: string; params: Record<string, number> };
}

interface Config {
  layers: (LinearConfig | NeuronConfig)[];
  T: number;
  B: number;
  steps: number;
  loss: "mse_one_hot" | "cross_entropy";
  optimizer:
    | { name: "Adam"; lr: number; betas: [number, number]; eps: number; weight_decay: number }
    | {
      name: "SGD";
      lr: number;
      momentum: number;
      dampening: number;
      weight_decay: number;
      nesterov: boolean;
    };
}

function layerOf(config: LinearConfig | NeuronConfig): Layer {
  if (config.type === "Linear") {
    return new Linear(config.in, config.out, { bias: config.bias });
  }
  const options = {
    vThreshold: config.v_threshold,
    vReset: config.v_reset,
    detachReset: config.detach_reset,
    surrogate: surrogateOf(config.surrogate),
  };
  if (config.type === "IFNode") return new IfNode(options);
  const leaky = { ...options, tau: config.tau, decayInput: config.decay_input };
  return config.type === "LIFNode" ? new LifNode(leaky) : new ParametricLifNode(leaky);
}

function optimizerOf(config: Config["optimizer"]): Optimizer {
  const { lr: learningRate, weight_decay: weightDecay } = config;
  if (config.name === "SGD") {
    const { momentum, dampening, nesterov } = config;
    return new Sgd({ learningRate, momentum, dampening, weightDecay, nesterov });
  }
  return new Adam({ learningRate, betas: config.betas, epsilon: config.eps, weightDecay });
}

const LOSSES = { mse_one_hot: rateMse, cross_entropy: rateCrossEntropy };

/** A step's part of a layer's parameter, or its gradient, in the layer's own order. */
function parameterOf(
  golden: SafeTensors,
  prefix: string,
  index: number,
  config: LinearConfig | NeuronConfig,
  step = 0,
): number[] {
  const part = (tensor: string, size: number) =>
    golden.get(`${prefix}.${index}.${tensor}`).slice(step * size, (step + 1) * size);
  if (config.type !== "Linear") return part("w", 1);
  const { in: inputs, out: outputs, bias } = config;
  const weight = part("weight", inputs * outputs);
  return fromTorch(weight, bias ? part("bias", outputs) : [], inputs, outputs);
}

async function follow(
  name: string,
  change: (loss: Loss) => Loss,
  preset: "auto" | "gpu" = "auto",
): Promise<void> {
  const golden = readSafeTensors(`${FOLDER}/training/${name}.safetensors`);
  const config: Config = JSON.parse(golden.metadata.config!);
  const tolerance = JSON.parse(golden.metadata.tolerance!);
  const { T, B, steps } = config;
  const inputs = (config.layers[0] as LinearConfig).in;
  const layers = config.layers.map(layerOf);
  using gpu = await Gpu.request({ preset });
  const encoder = new InjectedEncoder();
  const optimizer = optimizerOf(config.optimizer);
  using plan = await Plan.compile(gpu, {
    network: new Sequential(layers),
    encoder,
    loss: change(LOSSES[config.loss]()),
    optimizer,
    timeSteps: T,
    batchSize: B,
    features: inputs,
  });
  const parameters = plan.parameters.flatMap((parameter, index) =>
    parameter ? [{ parameter, index, config: config.layers[index]! }] : []
  );
  for (const { parameter, index, config } of parameters) {
    gpu.write(parameter.values, Float32Array.from(parameterOf(golden, "init", index, config)));
  }
  for (let step = 0; step < steps; step++) {
    const slice = (tensor: string, size: number) =>
      golden.get(tensor).slice(step * size, (step + 1) * size);
    encoder.write(slice("spikes", T * B * inputs));
    const [metrics] = await plan.run([{
      key: 0,
      optimizer: optimizer.stepValues(step + 1, optimizer.learningRate),
      ...encoder.batch(slice("labels", B)),
    }]);
    for (const [index, signal] of plan.signals.entries()) {
      if (!(layers[index] instanceof NeuronLayer) || signal.kind !== "spikes") continue;
      const want = slice(`layer_spikes.${index}`, T * B * signal.features);
      assertEquals(await readSpikes(plan, signal), want);
    }
    const outputs = plan.output.features;
    const rates = Array.from(await plan.counts()).slice(0, B * outputs).map((n) => n / T);
    assertClose(rates, slice("rates", B * outputs), tolerance.rates);
    assertClose([metrics!.loss / B], slice("loss", 1), tolerance.loss);
    for (const { parameter, index, config } of parameters) {
      const torch = (prefix: string) => parameterOf(golden, prefix, index, config, step);
      assertClose(await readGradient(plan, parameter), torch("grad"), tolerance.grad);
      assertClose(await readValues(plan, parameter), torch("param"), tolerance.param);
    }
  }
}

const RUNS = [
  "a-tutorial",
  "b-two-layers",
  "c-plif-soft-sgd",
  "d-if-lif-sigmoid",
  "e-no-decay-soft-odd",
];
for (const name of RUNS) {
  Deno.test(`training follows the golden run ${name}`, () => follow(name, (loss) => loss));
  Deno.test(`training follows the golden run ${name}, kernels cut for a GPU`, () =>
    follow(name, (loss) => loss, "gpu"));
}
for (const name of ["a-tutorial", "e-no-decay-soft-odd"]) {
  Deno.test(`training follows the golden run ${name}, one kernel a layer`, () =>
    follow(name, unfused));
}
