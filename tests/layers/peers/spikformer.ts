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
  Flatten,
  LifNode,
  Linear,
  MaxPool2d,
  Residual,
  Sequential,
  SpikingSelfAttention,
} from "../../../mod.ts";
import { compareScores } from "./compare_scores.ts";

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

await compareScores("spikformer.py", {
  networks: { spikformer: network },
  input: [3, 32, 32],
  order: ["patch_embed", "blocks", "stages", "positional_encoding", "attn", "mlp"],
});
