/**
 * Loads weights of SpikingJelly's SEW-ResNet18 and Spiking-ResNet18, and compares what comes out:
 *
 *     GALVANI_PYTHON=python deno run -A tests/layers/peers/resnet18.ts
 *
 * @module
 */

import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dataset,
  DirectEncoder,
  Flatten,
  Gpu,
  IfNode,
  Linear,
  matchParameters,
  MaxPool2d,
  Model,
  Residual,
  Sequential,
} from "../../../mod.ts";
import type { Layer } from "../../../src/extend.ts";
import { decodeNpy, decodeSafetensors } from "../../../src/formats/mod.ts";
import { readWithPython } from "../../readers/python.ts";

const conv = (inputs: number, outputs: number, kernelSize: number, stride: number) => [
  new Conv2d(inputs, outputs, { kernelSize, stride, padding: kernelSize >> 1, bias: false }),
  new BatchNorm2d(outputs),
];
const main = (inputs: number, outputs: number, stride: number) => [
  ...conv(inputs, outputs, 3, stride),
  new IfNode(),
  ...conv(outputs, outputs, 3, 1),
];

/** A block, by the kind of network: its neurons are beside the shortcut, or after the sum. */
const BLOCKS: Record<string, (inputs: number, outputs: number, stride: number) => Layer[]> = {
  sew: (inputs, outputs, stride) => {
    const shortcut = new Sequential([...conv(inputs, outputs, 1, stride), new IfNode()]);
    const inner = new Sequential([...main(inputs, outputs, stride), new IfNode()]);
    return [new Residual(inner, stride > 1 ? { shortcut } : {})];
  },
  spiking: (inputs, outputs, stride) => {
    const shortcut = new Sequential(conv(inputs, outputs, 1, stride));
    const inner = new Sequential(main(inputs, outputs, stride));
    return [new Residual(inner, stride > 1 ? { shortcut } : {}), new IfNode()];
  },
};

function resnet18(block: typeof BLOCKS[string]): Sequential {
  const stage = (inputs: number, outputs: number, stride: number) => [
    ...block(inputs, outputs, stride),
    ...block(outputs, outputs, 1),
  ];
  return new Sequential([
    ...conv(3, 64, 7, 2),
    new IfNode(),
    new MaxPool2d(3, { stride: 2, padding: 1 }),
    ...stage(64, 64, 1),
    ...stage(64, 128, 2),
    ...stage(128, 256, 2),
    ...stage(256, 512, 2),
    new AdaptiveAvgPool2d(1),
    new Flatten(),
    new Linear(512, 10),
  ]);
}

const folder = await Deno.makeTempDir();
try {
  await readWithPython("../layers/peers/resnet18.py", folder);
  const array = async (name: string) =>
    decodeNpy(await Deno.readFile(`${folder}/${name}.npy`)).data as Float32Array<ArrayBuffer>;
  using gpu = await Gpu.request();
  const input = [3, 64, 64];
  const pictures = new Dataset({
    shape: input,
    content: { kind: "floats", data: await array("x") },
  });
  for (const [name, block] of Object.entries(BLOCKS)) {
    const network = resnet18(block);
    const { tensors } = decodeSafetensors(await Deno.readFile(`${folder}/${name}.safetensors`));
    const options = { input, encoder: new DirectEncoder(), timeSteps: 4, batchSize: 4 };
    using model = await Model.compile(gpu, network, options);
    const order = ["bn", "layer", "downsample"];
    model.load(matchParameters(network, input, tensors, { order }).parameters);
    const wanted = await array(name);
    const scores = (await model.predict(pictures)).flatMap(({ scores }) => [...scores]);
    const apart = Math.max(...scores.map((score, i) => Math.abs(score - wanted[i]!)));
    console.log(`${name}: ${scores.length} scores, at most ${apart.toExponential(1)} apart`);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
