/** Self-attention of spikes against SpikingJelly's in float64. */

import {
  BatchNorm1d,
  Conv1d,
  Flatten,
  LifNode,
  Residual,
  Sequential,
  SpikingSelfAttention,
} from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { checkGoldenLayer, type GoldenCase } from "../support/golden_layer.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readSafeTensors } from "../support/safetensors.ts";

const conv = (inputs: number, outputs: number) => [
  new Conv1d(inputs, outputs, { kernelSize: 1, bias: false }),
  new BatchNorm1d(outputs),
  new LifNode({ detachReset: true }),
];

const MAKE: Record<string, (golden: GoldenCase) => Layer> = {
  SpikingSelfAttention: ({ layer: { dim, heads } }) =>
    new SpikingSelfAttention(dim, { numHeads: heads }),
  SpikformerBlock: ({ layer: { dim, heads } }) =>
    new Sequential([
      new Flatten({ startDim: 2 }),
      new Residual(new SpikingSelfAttention(dim, { numHeads: heads })),
      new Residual(new Sequential([...conv(dim, 4 * dim), ...conv(4 * dim, dim)])),
    ]),
};

const file = readSafeTensors("tests/goldens/attention/attention.safetensors");
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
