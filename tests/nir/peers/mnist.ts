/**
 * Trains 784-100-10 LIF neurons for MNIST in SpikingJelly, reads the network's NIR file, and compares what both
 * answer to 10,000 test pictures with the same spikes in:
 *
 *     GALVANI_PYTHON=python deno run -A tests/nir/peers/mnist.ts
 *
 * @module
 */

import { Dataset, DirectEncoder, Gpu, Model } from "../../../mod.ts";
import { loadMnist } from "../../../src/datasets/mod.ts";
import { decodeNpy, encodeNpy } from "../../../src/formats/mod.ts";
import { decodeNir, fromNir } from "../../../src/nir/mod.ts";
import { readWithPython } from "../../readers/python.ts";

/** Samples at a time: their spikes are numbers of 4 bytes. */
const PART = 1000;

const folder = await Deno.makeTempDir();
try {
  const { train, test } = await loadMnist();
  for (const [name, { content, labels, count: length }] of Object.entries({ train, test })) {
    if (content.kind !== "bytes" || !labels) throw new Error("MNIST isn't labelled pictures");
    await Deno.writeFile(`${folder}/${name}-images.npy`, encodeNpy(content.data, [length, 784]));
    await Deno.writeFile(
      `${folder}/${name}-labels.npy`,
      encodeNpy(Uint8Array.from(labels), [length]),
    );
  }
  await readWithPython("../nir/peers/run.py", "mnist", folder);
  const array = async (name: string) => decodeNpy(await Deno.readFile(`${folder}/${name}.npy`));
  const [spikes, counts] = [await array("mnist-in"), await array("mnist")];
  const [samples, timeSteps, inputs] = spikes.shape as [number, number, number];

  const bytes = await Deno.readFile(`${folder}/mnist.nir`);
  const { network, parameters, input } = fromNir(await decodeNir(bytes), { fires: "at" });
  using gpu = await Gpu.request();
  using model = await Model.compile(gpu, network, {
    input,
    encoder: new DirectEncoder(),
    timeSteps,
    batchSize: 100,
  });
  model.load(parameters);

  let [answers, counted, right, spikesOut] = [0, 0, 0, 0];
  for (let first = 0; first < samples; first += PART) {
    const size = timeSteps * inputs;
    const part = spikes.data.subarray(first * size, (first + PART) * size);
    const data = Float32Array.from(part as Uint8Array);
    const shape = input;
    const predictions = await model.predict(
      new Dataset({ shape, content: { kind: "floats", data, timeSteps } }),
    );
    predictions.forEach(({ answer, scores }, i) => {
      const theirs = Array.from(
        { length: 10 },
        (_, k) => Number(counts.data[10 * (first + i) + k]),
      );
      const ours = scores.map((rate) => Math.round(rate * timeSteps));
      const theirAnswer = theirs.indexOf(Math.max(...theirs));
      answers += Number(answer !== theirAnswer);
      counted += theirs.filter((count, k) => count !== ours[k]).length;
      right += Number(theirAnswer === test.labels![first + i]);
      spikesOut += theirs.reduce((sum, count) => sum + count);
    });
  }
  console.log(`SpikingJelly's accuracy: ${(100 * right / samples).toFixed(2)} %`);
  console.log(`${answers} of ${samples} answers differ`);
  console.log(`${counted} of ${counts.data.length} counts differ, of ${spikesOut} spikes in all`);
} finally {
  await Deno.remove(folder, { recursive: true });
}
