/**
 * A Linear layer on spikes: batch 128, T 8, a third of the spikes set. One iteration is {@linkcode REPEATS}
 * runs of a kernel in one submit.
 */

import { type Compilation, type Dispatch, Gpu, Linear, Random, Recorder } from "../mod.ts";
import { timeQuads } from "../src/signal/time.ts";

const REPEATS = 32;
const BATCH = 128;
const STEPS = 8;

const gpu = await Gpu.request();

for (const [inputs, outputs] of [[800, 10], [500, 300], [800, 800]] as const) {
  const steps = { buffer: gpu.createBuffer(256, "steps"), stride: 256, size: 32 };
  const dispatches: Dispatch[] = [];
  const compilation: Compilation = {
    gpu,
    batchSize: BATCH,
    timeSteps: STEPS,
    features: inputs,
    steps,
    samples: steps,
    pixels: gpu.createTexture(1, "pixels"),
    metrics: steps.buffer,
    columns: () => {
      throw new Error("there are no lists of pixels");
    },
    buffer: (bytes, label) => gpu.createBuffer(bytes, label),
    texture: (texels, label) => gpu.createTexture(texels, label),
    add: (_, dispatch) => void dispatches.push(dispatch),
  };
  const random = new Random(inputs, outputs);
  const words = Uint32Array.from({ length: BATCH * inputs }, () => {
    let word = 0;
    for (let t = 0; t < STEPS; t++) word |= Number(random.uniform(0, 3) < 1) << t;
    return word;
  });
  const spikes = gpu.createBuffer(words.byteLength, "spikes");
  gpu.write(spikes, words);
  const layer = new Linear(inputs, outputs);
  const { parameter, backward } = await layer.compile(compilation, {
    kind: "spikes",
    features: inputs,
    spikes,
    counts: gpu.createBuffer(BATCH * inputs * 4, "counts"),
  });
  gpu.write(parameter!.values, layer.initialParameters(random));
  const values = gpu.createBuffer(timeQuads(STEPS) * BATCH * outputs * 16, "gradient");
  gpu.write(
    values,
    Float32Array.from({ length: values.size / 4 }, () => random.uniform(-1, 1)),
  );
  await backward({ kind: "dense", values }, true);
  for (const dispatch of dispatches) {
    const group = `${inputs} to ${outputs}`;
    Deno.bench(`${REPEATS} x ${dispatch.name}, ${group} (${gpu.name})`, { group }, async () => {
      const recorder = new Recorder(gpu.device);
      for (let i = 0; i < REPEATS; i++) dispatch.encode(recorder, 0);
      const commands = recorder.end();
      await gpu.readBack(commands, steps.buffer, 4);
    });
  }
}
