import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Flatten,
  IfNode,
  Linear,
  Residual,
  Sequential,
} from "../mod.ts";

/**
 * A residual network for pictures of 28 x 28, of SEW blocks (Fang et al., NeurIPS 2021): a convolution and three
 * blocks, the second and the third of which halve the picture.
 *
 * @param channels Channels of the first convolution; blocks that halve have twice as many.
 * @returns The network.
 */
export function sewResnet(channels: number): Sequential {
  const conv = (inputs: number, outputs: number, kernelSize: number, stride: number) => [
    new Conv2d(inputs, outputs, { kernelSize, stride, padding: kernelSize >> 1, bias: false }),
    new BatchNorm2d(outputs),
    new IfNode({ detachReset: true }),
  ];
  const block = (inputs: number, outputs: number, stride: number) =>
    new Residual(
      new Sequential([...conv(inputs, outputs, 3, stride), ...conv(outputs, outputs, 3, 1)]),
      stride > 1 ? { shortcut: new Sequential(conv(inputs, outputs, 1, stride)) } : {},
    );
  return new Sequential([
    ...conv(1, channels, 3, 1),
    block(channels, channels, 1),
    block(channels, 2 * channels, 2),
    block(2 * channels, 4 * channels, 2),
    new AdaptiveAvgPool2d(1),
    new Flatten(),
    new Linear(4 * channels, 10),
    new IfNode({ detachReset: true }),
  ]);
}
