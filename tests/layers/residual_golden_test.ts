/** Blocks of residual networks against SpikingJelly's in float64. */

import { BatchNorm2d, Conv2d, IfNode, Residual, Sequential } from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { checkGoldenLayer, type GoldenCase } from "../support/golden_layer.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readSafeTensors } from "../support/safetensors.ts";

const neurons = () => new IfNode({ detachReset: true });

const conv = (inputs: number, outputs: number, kernelSize: number, stride: number) => [
  new Conv2d(inputs, outputs, { kernelSize, stride, padding: kernelSize >> 1, bias: false }),
  new BatchNorm2d(outputs),
];

const MAKE: Record<string, (golden: GoldenCase) => Layer> = {
  SewBlock: ({ layer: { channels: [inputs, outputs], stride, connect } }) =>
    new Residual(
      new Sequential([
        ...conv(inputs, outputs, 3, stride),
        neurons(),
        ...conv(outputs, outputs, 3, 1),
        neurons(),
      ]),
      {
        connect,
        ...stride > 1 && {
          shortcut: new Sequential([...conv(inputs, outputs, 1, stride), neurons()]),
        },
      },
    ),
  SpikingBlock: ({ layer: { channels: [inputs, outputs], stride } }) =>
    new Sequential([
      new Residual(
        new Sequential([
          ...conv(inputs, outputs, 3, stride),
          neurons(),
          ...conv(outputs, outputs, 3, 1),
        ]),
        stride > 1 ? { shortcut: new Sequential(conv(inputs, outputs, 1, stride)) } : {},
      ),
      neurons(),
    ]),
};

const file = readSafeTensors("tests/goldens/residual/residual.safetensors");
const cases: GoldenCase[] = JSON.parse(file.metadata["cases"]!);
for (const golden of cases) {
  const { name, layer: { type } } = golden;
  Deno.test(`${type} equals SpikingJelly: ${name}`, async () => {
    const gpu = await sharedGpu();
    for (const variants of ["auto", "plain"] as const) {
      await checkGoldenLayer(gpu, file, golden, MAKE[type]!(golden), variants);
    }
  });
}
