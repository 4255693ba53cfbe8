import { assert, assertEquals } from "@std/assert";
import {
  Adam,
  EventEncoder,
  IfNode,
  LifNode,
  Linear,
  ParametricLifNode,
  rateCrossEntropy,
  rateMse,
  Sequential,
  Sgd,
} from "../../mod.ts";
import { type Layer, type Loss, NeuronLayer, type Optimizer, sizeOf } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { CompiledNetwork, spikeDataset } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { unfused } from "../support/losses.ts";
import {
  fromTorch,
  readCounts,
  readGradient,
  readSpikes,
  readValues,
} from "../support/program_reader.ts";
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

interface Way {
  change?: (loss: Loss) => Loss;
  preset?: "auto" | "gpu";
  variants?: "auto" | "plain";
}

async function follow(
  name: string,
  { change = (loss) => loss, preset = "auto", variants = "auto" }: Way = {},
): Promise<void> {
  const golden = readSafeTensors(`${FOLDER}/training/${name}.safetensors`);
  const config: Config = JSON.parse(golden.metadata.config!);
  const tolerance = JSON.parse(golden.metadata.tolerance!);
  const { T, B, steps } = config;
  const inputs = (config.layers[0] as LinearConfig).in;
  const layers = config.layers.map(layerOf);
  const gpu = await sharedGpu({ preset });
  const optimizer = optimizerOf(config.optimizer);
  using network = await CompiledNetwork.compile(gpu, new Sequential(layers), {
    input: [inputs],
    encoder: new EventEncoder(),
    content: "events",
    loss: change(LOSSES[config.loss]()),
    optimizer,
    timeSteps: T,
    batchSize: B,
    variants,
  });
  const { program } = network;
  const parameters = network.parameters.map(([{ owner }, parameter]) => {
    const index = Number(owner.split(".")[1]);
    return { parameter, index, config: config.layers[index]! };
  });
  for (const { parameter, index, config } of parameters) {
    gpu.write(parameter.values, Float32Array.from(parameterOf(golden, "init", index, config)));
  }
  const classes = sizeOf(program.compiled.outputShape);
  for (let step = 0; step < steps; step++) {
    const slice = (tensor: string, size: number) =>
      golden.get(tensor).slice(step * size, (step + 1) * size);
    const samples = spikeDataset(slice("spikes", T * B * inputs), {
      timeSteps: T,
      features: inputs,
      labels: slice("labels", B),
      classes,
    });
    const metrics = await network.run(samples, {
      update: optimizer.stepValues(step + 1, optimizer.learningRate),
    });
    let fired = 0;
    for (const [index, layer] of layers.entries()) {
      if (!(layer instanceof NeuronLayer)) continue;
      const signal = program.outputs.find(({ path }) => path === `layer.${index}`)!.output;
      assert(signal.kind === "spikes");
      const want = slice(`layer_spikes.${index}`, T * B * sizeOf(signal.shape));
      assertEquals(await readSpikes(gpu, program, signal), want);
      fired++;
    }
    assert(fired > 0);
    const { output } = program.compiled;
    assert(output.kind === "spikes");
    const rates = (await readCounts(gpu, program, output)).map((n) => n / T);
    assertClose(rates, slice("rates", B * classes), tolerance.rates);
    assertClose([metrics.loss / B], slice("loss", 1), tolerance.loss);
    for (const { parameter, index, config } of parameters) {
      const torch = (prefix: string) => parameterOf(golden, prefix, index, config, step);
      assertClose(await readGradient(gpu, parameter), torch("grad"), tolerance.grad);
      assertClose(await readValues(gpu, parameter), torch("param"), tolerance.param);
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
  Deno.test(`training follows the golden run ${name}`, () => follow(name));
  Deno.test(`training follows the golden run ${name}, kernels cut for a GPU`, () =>
    follow(name, { preset: "gpu" }));
  Deno.test(`training follows the golden run ${name}, plain kernels`, () =>
    follow(name, { variants: "plain" }));
}
for (const name of ["a-tutorial", "e-no-decay-soft-odd"]) {
  Deno.test(`training follows the golden run ${name}, one kernel a layer`, () =>
    follow(name, { change: unfused }));
}
