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
  Flatten,
  IfNode,
  Linear,
  MaxPool2d,
  Residual,
  Sequential,
} from "../../../mod.ts";
import type { Layer } from "../../../src/extend.ts";
import { compareScores } from "./compare_scores.ts";

const conv = (inputs: number, outputs: number, kernelSize: number, stride: number) => [
  new Conv2d(inputs, outputs, { kernelSize, stride, padding: kernelSize >> 1, bias: false }),
  new BatchNorm2d(outputs),
];
const main = (inputs: number, outputs: number, stride: number) => [
  ...conv(inputs, outputs, 3, stride),
  new IfNode(),
  ...conv(outputs, outputs, 3, 1),
];

type Block = (inputs: number, outputs: number, stride: number) => Layer[];

/** A block, by the kind of network: its neurons are beside the shortcut, or after the sum. */
const BLOCKS = {
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
} satisfies Record<string, Block>;

function resnet18(block: Block): Sequential {
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

await compareScores("resnet18.py", {
  networks: { sew: resnet18(BLOCKS.sew), spiking: resnet18(BLOCKS.spiking) },
  input: [3, 64, 64],
  order: ["bn", "layer", "downsample"],
});
