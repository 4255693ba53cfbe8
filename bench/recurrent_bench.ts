/**
 * Recurrent layers alone, each kernel of a step that learns, and the same neurons without recurrence. One
 * iteration is the stated number of runs of a kernel in one submit.
 */

import { CubaLifNode, Gpu, IfNode, Recurrent } from "../mod.ts";
import { fillUniform } from "../src/cli/bench/fill.ts";
import { denseBytes, type Layer, type NeuronLayer } from "../src/extend.ts";
import { benchDispatch, Collector } from "./support.ts";

const gpu = await Gpu.request();

/** Neurons, T, the batch, and how large a current may be. */
const SIZES = [
  [32, 28, 256, 0.3, () => new IfNode()],
  [256, 100, 64, 0.04, () => new CubaLifNode({ tauSyn: 10, tauMem: 20 })],
] as const satisfies readonly (readonly [number, number, number, number, () => NeuronLayer])[];

for (const [features, timeSteps, batchSize, most, neuronsOf] of SIZES) {
  const size = { features, timeSteps, batchSize, most };
  await benchLayer("recurrent", new Recurrent(neuronsOf()), size);
  await benchLayer("not", neuronsOf(), size);
}

/** Benchmarks each kernel of a layer. */
async function benchLayer(
  what: string,
  layer: Layer,
  { features, timeSteps, batchSize, most }: {
    features: number;
    timeSteps: number;
    batchSize: number;
    most: number;
  },
): Promise<void> {
  const collector = new Collector(gpu, {
    batchSize,
    timeSteps,
    layer: { network: layer, input: [features] },
  });
  const values = gpu.createBuffer(denseBytes(timeSteps, batchSize * features), "current");
  fillUniform(gpu, values, -most, most);
  const { backward } = await layer.compile(collector.scope, {
    kind: "numbers",
    shape: [features],
    over: "time",
    values,
  });
  const buffer = gpu.createBuffer(values.size, "gradient");
  fillUniform(gpu, buffer, -1, 1);
  await backward({ values: { over: "time", buffer } }, true);
  for (const dispatch of collector.dispatches) {
    if (dispatch.name.endsWith("spike_sums")) continue;
    await benchDispatch(gpu, dispatch, {
      name: `${dispatch.name}, ${features} neurons, T ${timeSteps}, batch ${batchSize}, ${what}`,
    });
  }
}
