import {
  AvgPool1d,
  BatchNorm1d,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  Flatten,
  LifNode,
  Linear,
  MaxPool2d,
  Residual,
  Sequential,
  SpikingSelfAttention,
} from "../mod.ts";

/**
 * A transformer of spiking neurons for pictures of 28 x 28 (Spikformer, Zhou et al., ICLR 2023): two convolutions
 * that halve the picture, one that says where a token is, and two blocks of four heads on 49 tokens.
 *
 * @param dim Channels of a token.
 * @returns The network.
 */
export function spikformer(dim: number): Sequential {
  const lif = () => new LifNode({ detachReset: true });
  const conv = (inputs: number, outputs: number) => [
    new Conv2d(inputs, outputs, { kernelSize: 3, padding: 1, bias: false }),
    new BatchNorm2d(outputs),
  ];
  const halved = () => [new MaxPool2d(3, { stride: 2, padding: 1 }), lif()];
  const perToken = (inputs: number, outputs: number) => [
    new Conv1d(inputs, outputs, { kernelSize: 1, bias: false }),
    new BatchNorm1d(outputs),
    lif(),
  ];
  const block = () => [
    new Residual(new SpikingSelfAttention(dim, { numHeads: 4 })),
    new Residual(new Sequential([...perToken(dim, 4 * dim), ...perToken(4 * dim, dim)])),
  ];
  return new Sequential([
    ...conv(1, dim / 2),
    ...halved(),
    ...conv(dim / 2, dim),
    ...halved(),
    new Residual(new Sequential([...conv(dim, dim), lif()])),
    new Flatten({ startDim: 2 }),
    ...block(),
    ...block(),
    new AvgPool1d(49),
    new Flatten(),
    new Linear(dim, 10),
    lif(),
  ]);
}
