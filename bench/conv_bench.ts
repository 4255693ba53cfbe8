/**
 * The kernels of convolutions, each alone: the second of SpikingJelly's CSNN (14 x 14, 3 x 3, spikes of which a
 * third is set, T 4) and the first (28 x 28, a picture that is the same at each time step), at batch 128. Then two
 * training steps of the whole network, norm, neurons and pool as one kernel and each as its own.
 */

import { Conv2d, Gpu } from "../mod.ts";
import { compileStep } from "../src/cli/bench/network_step.ts";
import { loadMnist } from "../src/datasets/mod.ts";
import { csnn } from "./csnn.ts";
import { fillUniform } from "../src/cli/bench/fill.ts";
import { denseBytes, Random, type Signal } from "../src/extend.ts";
import { benchDispatch, Collector } from "./support.ts";

const BATCH = 128;
const STEPS = 4;

const gpu = await Gpu.request();

for (
  const { inChannels, outChannels, side } of [
    { inChannels: 1, outChannels: 32, side: 28 },
    { inChannels: 32, outChannels: 32, side: 14 },
  ]
) {
  const layer = new Conv2d(inChannels, outChannels, { kernelSize: 3, padding: 1, bias: false });
  const shape = [inChannels, side, side];
  const collector = new Collector(gpu, {
    batchSize: BATCH,
    timeSteps: STEPS,
    layer: { network: layer, input: shape },
  });
  const numbers = BATCH * inChannels * side * side;
  const random = new Random(inChannels);
  const constant = inChannels === 1;
  const values = constant
    ? Float32Array.from({ length: numbers }, () => random.uniform(0, 1))
    : Uint32Array.from({ length: numbers }, () => {
      let word = 0;
      for (let t = 0; t < STEPS; t++) word |= Number(random.uniform(0, 3) < 1) << t;
      return word;
    });
  const stored = gpu.createBuffer(values.byteLength, "input");
  gpu.write(stored, values);
  const input: Signal = constant ? { kind: "numbers", shape, over: "constant", values: stored } : {
    kind: "spikes",
    shape,
    over: "time",
    spikes: stored,
    counts: gpu.createBuffer(numbers * 4, "counts"),
  };
  const { backward } = await layer.compile(collector.scope, input);
  const outputs = BATCH * outChannels * side * side;
  const bytes = constant ? outputs * 4 : denseBytes(STEPS, outputs);
  const buffer = gpu.createBuffer(bytes, "gradient");
  fillUniform(gpu, buffer, -1, 1);
  await backward({ values: { over: constant ? "summed" : "time", buffer } }, !constant);
  for (const dispatch of collector.dispatches) {
    await benchDispatch(gpu, dispatch, {
      name: `${dispatch.name}, ${inChannels} to ${outChannels} channels`,
    });
  }
}

const { train } = await loadMnist();
for (const variants of ["auto", "plain"] as const) {
  const size = { encoder: "direct", timeSteps: STEPS, batchSize: BATCH, variants } as const;
  const { program, steps } = await compileStep(gpu, csnn(32), size, train.slice(0, 2 * BATCH));
  const training = steps(2);
  Deno.bench(`2 training steps of a CSNN of 32 channels, ${variants} (${gpu.name})`, {
    group: "steps",
    n: 5,
    warmup: 1,
  }, async () => {
    await program.run(training);
  });
}
