/**
 * The kernels of Linear layers, each alone, at batch 128. On spikes (T 8, a third of them set), on spike
 * events of images (784 to 10, T 100) and on the images themselves (784 to 800). One iteration is the
 * stated number of runs of a kernel in one submit.
 */

import { Gpu, Linear } from "../mod.ts";
import { fillUniform } from "../src/cli/bench/fill.ts";
import { syntheticImages } from "../src/cli/bench/images.ts";
import { compileNetworkStep, TUTORIAL, TWO_LAYERS } from "../src/cli/bench/network_step.ts";
import { denseBytes, Random } from "../src/extend.ts";
import { benchDispatch, Collector } from "./support.ts";

const BATCH = 128;
const STEPS = 8;

const gpu = await Gpu.request();

for (const [inputs, outputs] of [[800, 10], [500, 300], [800, 800]] as const) {
  const network = new Linear(inputs, outputs);
  const collector = new Collector(gpu, {
    batchSize: BATCH,
    timeSteps: STEPS,
    layer: { network, input: [inputs] },
  });
  const random = new Random(inputs, outputs);
  const words = Uint32Array.from({ length: BATCH * inputs }, () => {
    let word = 0;
    for (let t = 0; t < STEPS; t++) word |= Number(random.uniform(0, 3) < 1) << t;
    return word;
  });
  const spikes = gpu.createBuffer(words.byteLength, "spikes");
  gpu.write(spikes, words);
  const { backward } = await network.compile(collector.scope, {
    kind: "spikes",
    shape: [inputs],
    over: "time",
    spikes,
    counts: gpu.createBuffer(BATCH * inputs * 4, "counts"),
  });
  const buffer = gpu.createBuffer(denseBytes(STEPS, BATCH * outputs), "gradient");
  fillUniform(gpu, buffer, -1, 1);
  await backward({ values: { over: "time", buffer } }, true);
  for (const dispatch of collector.dispatches) {
    await benchDispatch(gpu, dispatch, {
      name: `${dispatch.name} of spikes, ${inputs} to ${outputs}`,
    });
  }
}

// What reads images is timed within a network; of more than one layer, for a network of one may run as
// one kernel.
const data = syntheticImages(BATCH);
for (
  const [size, name] of [
    [{ ...TUTORIAL, layers: [10, 10] }, "784 to 10"],
    [TWO_LAYERS, "784 to 800"],
  ] as const
) {
  const { program, steps } = await compileNetworkStep(gpu, size, data);
  await program.run(steps(1));
  for (const dispatch of program.dispatches) {
    if (!/^linear\/.*_(events|pixels)$/.test(dispatch.name)) continue;
    await benchDispatch(gpu, dispatch, { name: `${dispatch.name}, ${name}` });
  }
}
