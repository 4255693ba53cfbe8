import {
  BatchNorm2d,
  Conv2d,
  Flatten,
  IfNode,
  LifNode,
  Linear,
  MaxPool2d,
  Sequential,
} from "../mod.ts";

/**
 * SpikingJelly's CSNN for pictures of 28 x 28: two blocks of convolution, norm, neurons and pool, and two
 * Linear layers.
 *
 * @param channels Channels of the convolutions.
 * @returns The network.
 */
export function csnn(channels: number): Sequential {
  const block = (inChannels: number) => [
    new Conv2d(inChannels, channels, { kernelSize: 3, padding: 1, bias: false }),
    new BatchNorm2d(channels),
    new IfNode(),
    new MaxPool2d(2),
  ];
  return new Sequential([
    ...block(1),
    ...block(channels),
    new Flatten(),
    new Linear(channels * 49, channels * 16, { bias: false }),
    new IfNode(),
    new Linear(channels * 16, 10, { bias: false }),
    new IfNode(),
  ]);
}

/**
 * The network of snnTorch's tutorial 6, 12C5-MP2-64C5-MP2-10: the pools are before the neurons.
 *
 * @returns The network.
 */
export function tutorial6(): Sequential {
  return new Sequential([
    new Conv2d(1, 12, { kernelSize: 5 }),
    new MaxPool2d(2),
    new LifNode(),
    new Conv2d(12, 64, { kernelSize: 5 }),
    new MaxPool2d(2),
    new LifNode(),
    new Flatten(),
    new Linear(1024, 10),
    new LifNode(),
  ]);
}
