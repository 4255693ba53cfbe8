import { Dropout, Gpu, LifNode, Linear, Residual, Sequential } from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { checkNetwork, type InputKind } from "../support/against_float64.ts";

const INPUTS: readonly InputKind[] = [
  "Poisson",
  "direct",
  "floats",
  "floats over time",
  "events",
];

/** Networks by what comes first. */
const FIRST: Readonly<Record<string, (features: number) => Layer[]>> = {
  "a LifNode": (n) => [
    new LifNode({ vThreshold: 0.4 }),
    new Linear(n, 3),
    new LifNode({ vThreshold: 0.3 }),
  ],
  "a Dropout layer": (n) => [
    new Dropout(0.3),
    new Linear(n, 3),
    new LifNode({ vThreshold: 0.3 }),
  ],
  "a Residual layer of a Linear one": (n) => [
    new Residual(new Linear(n, n)),
    new LifNode({ vThreshold: 0.3 }),
  ],
  "a Residual layer of neurons": (n) => [
    new Residual(new Sequential([new Linear(n, n), new LifNode({ vThreshold: 0.4 })])),
    new Linear(n, 4),
    new LifNode({ vThreshold: 0.3 }),
  ],
};

for (const [first, layersOf] of Object.entries(FIRST)) {
  for (const input of INPUTS) {
    Deno.test(`${first} can come first: ${input}`, async () => {
      using gpu = await Gpu.request();
      for (const [timeSteps, batch, features] of [[1, 1, 5], [9, 3, 13], [35, 3, 5]] as const) {
        const layers = layersOf(features);
        await checkNetwork(gpu, { layers, input, timeSteps, batch, features });
      }
    });
  }
}
