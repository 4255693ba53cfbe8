/**
 * Parallel spiking neurons alone, each kernel of a step that learns, beside LIF neurons. One iteration is the stated
 * number of runs of a kernel in one submit.
 */

import { Gpu, LifNode, MaskedPsn, Psn, SlidingPsn } from "../mod.ts";
import { fillUniform } from "../src/cli/bench/fill.ts";
import { denseBytes, type Layer } from "../src/extend.ts";
import { benchDispatch, Collector } from "./support.ts";

const gpu = await Gpu.request();

const BATCH = 128;
const FEATURES = 512;

for (const timeSteps of [16, 100]) {
  const layers: readonly Layer[] = [
    new LifNode(),
    new Psn(timeSteps),
    new MaskedPsn(4, timeSteps, { lambda: 1 }),
    new SlidingPsn(4),
  ];
  for (const layer of layers) await benchLayer(layer, timeSteps);
}

/** Benchmarks each kernel of a layer. */
async function benchLayer(layer: Layer, timeSteps: number): Promise<void> {
  const shape = [FEATURES];
  const size = { batchSize: BATCH, timeSteps };
  const collector = new Collector(gpu, { ...size, layer: { network: layer, input: shape } });
  const values = gpu.createBuffer(denseBytes(timeSteps, BATCH * FEATURES), "current");
  fillUniform(gpu, values, 0, 2.5);
  const input = { kind: "numbers", shape, over: "time", values } as const;
  const { backward } = await layer.compile(collector.scope, input);
  const buffer = gpu.createBuffer(values.size, "gradient");
  fillUniform(gpu, buffer, -1, 1);
  await backward({ values: { over: "time", buffer } }, true);
  for (const dispatch of collector.dispatches) {
    await benchDispatch(gpu, dispatch, {
      name: `${layer.kind}: ${dispatch.name}, ${BATCH * FEATURES} neurons, T ${timeSteps}`,
    });
  }
}
