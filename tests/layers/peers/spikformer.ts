/**
 * Loads weights of SpikingJelly's Spikformer, and compares what comes out:
 *
 *     GALVANI_PYTHON=python deno run -A tests/layers/peers/spikformer.ts
 *
 * @module
 */

import {
  AvgPool1d,
  BatchNorm1d,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  Dataset,
  DirectEncoder,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  matchParameters,
  MaxPool2d,
  Model,
  Residual,
  Sequential,
  SpikingSelfAttention,
} from "../../../mod.ts";
import { decodeNpy, decodeSafetensors } from "../../../src/formats/mod.ts";
import { readWithPython } from "../../readers/python.ts";

const DIM = 64;
const lif = () => new LifNode({ detachReset: true });
const conv = (inputs: number, outputs: number) => [
  new Conv2d(inputs, outputs, { kernelSize: 3, padding: 1, bias: false }),
  new BatchNorm2d(outputs),
];
const pool = () => new MaxPool2d(3, { stride: 2, padding: 1 });
const perToken = (inputs: number, outputs: number) => [
  new Conv1d(inputs, outputs, { kernelSize: 1, bias: false }),
  new BatchNorm1d(outputs),
  lif(),
];
const block = () => [
  new Residual(new SpikingSelfAttention(DIM, { numHeads: 4 })),
  new Residual(new Sequential([...perToken(DIM, 4 * DIM), ...perToken(4 * DIM, DIM)])),
];
const network = new Sequential([
  ...[...conv(3, DIM / 8), lif()],
  ...[...conv(DIM / 8, DIM / 4), lif()],
  ...[...conv(DIM / 4, DIM / 2), pool(), lif()],
  ...[...conv(DIM / 2, DIM), pool(), lif()],
  new Residual(new Sequential([...conv(DIM, DIM), lif()])),
  new Flatten({ startDim: 2 }),
  ...[...block(), ...block()],
  ...[new AvgPool1d(64), new Flatten()],
  new Linear(DIM, 10),
]);

const folder = await Deno.makeTempDir();
try {
  await readWithPython("../layers/peers/spikformer.py", folder);
  const array = async (name: string) =>
    decodeNpy(await Deno.readFile(`${folder}/${name}.npy`)).data as Float32Array<ArrayBuffer>;
  using gpu = await Gpu.request();
  const input = [3, 32, 32];
  const pictures = new Dataset({
    shape: input,
    content: { kind: "floats", data: await array("x") },
  });
  const { tensors } = decodeSafetensors(await Deno.readFile(`${folder}/spikformer.safetensors`));
  const options = { input, encoder: new DirectEncoder(), timeSteps: 4, batchSize: 4 };
  using model = await Model.compile(gpu, network, options);
  const order = ["patch_embed", "blocks", "stages", "positional_encoding", "attn", "mlp"];
  model.load(matchParameters(network, input, tensors, { order }).parameters);
  const wanted = await array("spikformer");
  const scores = (await model.predict(pictures)).flatMap(({ scores }) => [...scores]);
  const apart = Math.max(...scores.map((score, i) => Math.abs(score - wanted[i]!)));
  const largest = Math.max(...wanted.map(Math.abs));
  console.log(
    `${scores.length} scores of up to ${largest.toFixed(3)}, at most ${
      apart.toExponential(1)
    } apart`,
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
