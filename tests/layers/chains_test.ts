import { Dropout, LifNode, Linear } from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { checkNetwork, type InputKind } from "../support/against_float64.ts";
import { sharedGpu } from "../support/gpu.ts";

const lif = (vThreshold = 0.3) => new LifNode({ vThreshold });

/** Layers one after the other in ways that no network of the README has. */
const CASES: readonly (readonly [string, InputKind, (n: number) => Layer[]])[] = [
  ["neurons after neurons", "Poisson", (n) => [new Linear(n, n), lif(), lif(0.4)]],
  ["two Linear layers", "direct", (n) => [new Linear(n, n), new Linear(n, 4), lif()]],
  ["two Linear layers on events", "events", (n) => [new Linear(n, n), new Linear(n, 4), lif()]],
  [
    "dropout of a current, twice",
    "Poisson",
    (n) => [new Linear(n, n), new Dropout(0.25), new Dropout(0.5), lif()],
  ],
  [
    "dropout of spikes before a Linear layer",
    "Poisson",
    (n) => [new Linear(n, n), lif(), new Dropout(0.25), new Linear(n, 3), lif()],
  ],
  [
    "dropout of spikes, twice, before a Linear layer",
    "events",
    (n) => [
      new Linear(n, n),
      lif(),
      new Dropout(0.25),
      new Dropout(0.5),
      new Linear(n, 3),
      lif(),
    ],
  ],
  [
    "dropout of spikes before neurons",
    "Poisson",
    (n) => [new Linear(n, n), lif(), new Dropout(0.25), lif(0.4)],
  ],
];

for (const [what, input, layersOf] of CASES) {
  Deno.test(`a chain of layers equals float64: ${what}`, async () => {
    const gpu = await sharedGpu();
    for (const [timeSteps, batch, features] of [[1, 3, 5], [12, 2, 7], [33, 1, 6]] as const) {
      await checkNetwork(gpu, { layers: layersOf(features), input, timeSteps, batch, features });
    }
  });
}
