import { assert, assertEquals } from "@std/assert";
import {
  Dataset,
  DirectEncoder,
  EventEncoder,
  Flatten,
  type Gpu,
  imageDataset,
  type ModelOptions,
  PoissonEncoder,
  rateMse,
  Residual,
  Sequential,
  valueMse,
} from "../../mod.ts";
import { type Layer, Random, type Shape, sizeOf } from "../../src/extend.ts";
import { poissonSpikes } from "../reference/oracle.ts";
import { type Run, runLayer } from "../reference/network.ts";
import { CompiledNetwork, spikeDataset } from "./compiled_network.ts";
import { readGradient, readSpikes } from "./program_reader.ts";

/** How samples come in. */
export type InputKind = "Poisson" | "direct" | "floats" | "floats over time" | "events";

/** A network and its input. */
export interface NetworkCase {
  readonly layers: readonly Layer[];
  readonly input: InputKind;
  readonly timeSteps: number;
  readonly batch: number;
  readonly features: number;
  /** What a sample has, of as many features; by default they are flat. */
  readonly shape?: Shape;
  readonly variants?: "auto" | "plain";
}

/** Samples, what encodes them, and the signal that they become, [T][batch][features]. */
interface Input {
  readonly dataset: Dataset;
  readonly encoder: ModelOptions["encoder"];
  readonly signal: Float64Array;
}

function inputOf(
  { input, timeSteps, batch, features, shape = [features] }: NetworkCase,
  classes: number,
  random: Random,
  key: number,
): Input {
  const labels = Array.from({ length: batch }, () => random.below(classes));
  const common = { shape, labels, classes };
  const count = batch * features;
  const overTime = (valueOf: (t: number, n: number) => number) =>
    Float64Array.from(
      { length: timeSteps * count },
      (_, at) => valueOf(Math.floor(at / count), at % count),
    );
  switch (input) {
    case "Poisson":
    case "direct": {
      const pixels = Uint8Array.from({ length: count }, () => random.below(2) * random.below(256));
      const spikes = Array.from(
        pixels,
        (value, n) =>
          poissonSpikes(Math.floor(n / features), n % features, features, value, key, timeSteps),
      );
      return {
        dataset: imageDataset(pixels, common),
        encoder: input === "direct" ? new DirectEncoder() : new PoissonEncoder(),
        signal: overTime((t, n) => input === "direct" ? pixels[n]! / 255 : spikes[n]![t]!),
      };
    }
    case "floats": {
      const data = Float32Array.from({ length: count }, () => random.uniform(-1, 2));
      return {
        dataset: new Dataset({ ...common, content: { kind: "floats", data } }),
        encoder: new DirectEncoder(),
        signal: overTime((_, n) => data[n]!),
      };
    }
    case "floats over time": {
      const data = Float32Array.from({ length: timeSteps * count }, () => random.uniform(-1, 2));
      return {
        dataset: new Dataset({ ...common, content: { kind: "floats", data, timeSteps } }),
        encoder: new DirectEncoder(),
        signal: overTime((t, n) =>
          data[(Math.floor(n / features) * timeSteps + t) * features + n % features]!
        ),
      };
    }
    case "events": {
      const signal = overTime(() => Number(random.below(3) === 0));
      return {
        dataset: spikeDataset(signal, { timeSteps, features, shape, labels, classes }),
        encoder: new EventEncoder(),
        signal,
      };
    }
  }
}

/** Compares a step of a network with float64: spikes, loss and the gradient of each parameter. */
export async function checkNetwork(gpu: Gpu, each: NetworkCase): Promise<void> {
  const { layers, input, timeSteps, batch, features, shape = [features], variants = "auto" } = each;
  const network = new Sequential(each.shape ? layers : [new Flatten(), ...layers]);
  const classes = sizeOf(network.outputShape(shape));
  const last = layers.at(-1)!;
  const endsInSpikes = /(Node|Psn)$|^Recurrent$/.test(last.kind) ||
    last instanceof Residual && last.connect !== "ADD";
  const loss = endsInSpikes ? rateMse() : valueMse();
  for (let seed = 1;; seed++) {
    const random = new Random(seed, timeSteps, batch, features);
    const key = random.word();
    const { dataset, encoder, signal } = inputOf(each, classes, random, key);
    using compiled = await CompiledNetwork.compile(gpu, network, {
      input: shape,
      encoder,
      content: dataset.content.kind,
      ...input === "floats over time" ? { contentSteps: timeSteps } : {},
      loss,
      timeSteps,
      batchSize: batch,
      variants,
    });
    const parameters = new Map(compiled.parameters.map(([{ owner, size }]) => {
      // Larger recurrent weights would blow gradients up over time.
      const bound = owner.endsWith(".recurrent") ? size ** -0.25 : 3 / Math.sqrt(features);
      return [owner, Float32Array.from({ length: size }, () => random.uniform(-bound, bound))];
    }));
    const run: Run = { timeSteps, batch, key, parameters, gradients: new Map(), nearest: Infinity };
    const ran = runLayer(run, "layer", network, signal, shape);
    // Rounding decides whether a neuron fires at the threshold itself: such a problem tells nothing.
    if (run.nearest < 2e-6) continue;
    const want = lossOf(ran.output, dataset.labels!, run, classes);
    ran.backward(want.gradient);
    for (const [{ owner }, parameter] of compiled.parameters) {
      gpu.write(parameter.values, parameters.get(owner)!);
    }
    const metrics = await compiled.run(dataset, { key });
    const { program } = compiled;
    const { output } = program.compiled;
    assertEquals(output.kind, endsInSpikes ? "spikes" : "numbers");
    if (output.kind === "spikes") {
      assertEquals(await readSpikes(gpu, program, output), [...ran.output]);
    }
    assert(
      Math.abs(metrics.loss - want.loss) <= 1e-5 * want.loss + 1e-9,
      `the loss is ${metrics.loss}, it should be ${want.loss}`,
    );
    for (const [{ owner }, parameter] of compiled.parameters) {
      const right = run.gradients.get(owner)!;
      const largest = right.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      (await readGradient(gpu, parameter)).forEach((g, i) =>
        assert(
          Math.abs(g - right[i]!) <= 1e-5 * largest + 1e-12,
          `gradient ${i} of ${owner} is ${g}, it should be ${right[i]}`,
        )
      );
    }
    return;
  }
}

/** rateMse of spikes is valueMse of their mean, and so is that of numbers. */
function lossOf(
  output: Float64Array,
  labels: ArrayLike<number>,
  { timeSteps, batch }: Run,
  classes: number,
): { loss: number; gradient: Float64Array } {
  const numbers = batch * classes;
  const gradient = new Float64Array(output.length);
  let loss = 0;
  for (let n = 0; n < numbers; n++) {
    let sum = 0;
    for (let t = 0; t < timeSteps; t++) sum += output[t * numbers + n]!;
    const isLabel = labels[Math.floor(n / classes)] === n % classes;
    const difference = sum / timeSteps - Number(isLabel);
    loss += difference ** 2 / classes;
    for (let t = 0; t < timeSteps; t++) {
      gradient[t * numbers + n] = 2 * difference / (batch * classes * timeSteps);
    }
  }
  return { loss, gradient };
}
