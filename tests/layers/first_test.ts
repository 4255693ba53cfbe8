import {
  AvgPool2d,
  Dropout,
  Dropout2d,
  Flatten,
  LifNode,
  Linear,
  MaxPool2d,
  Residual,
  Sequential,
  SumPool2d,
} from "../../mod.ts";
import { type Layer, sizeOf } from "../../src/extend.ts";
import { checkNetwork, type InputKind } from "../support/against_float64.ts";
import { sharedGpu } from "../support/gpu.ts";

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
      const gpu = await sharedGpu();
      for (const [timeSteps, batch, features] of [[1, 1, 5], [9, 3, 13], [35, 3, 5]] as const) {
        const layers = layersOf(features);
        await checkNetwork(gpu, { layers, input, timeSteps, batch, features });
      }
    });
  }
}

/** Networks by what comes first, on pictures of two channels. */
const FIRST_OF_PICTURES: Readonly<Record<string, () => Layer[]>> = {
  "a MaxPool2d layer": () => [new MaxPool2d(2), new Flatten()],
  "an AvgPool2d layer": () => [new AvgPool2d(3, { stride: 2, padding: 1 }), new Flatten()],
  "a SumPool2d layer": () => [new SumPool2d([1, 2]), new Flatten()],
  "a Dropout2d layer": () => [new Dropout2d(0.3), new Flatten()],
  "a Residual layer of a Dropout2d one": () => [
    new Residual(new Dropout2d(0.3), { connect: "IAND" }),
    new Flatten(),
  ],
};

for (const [first, layersOf] of Object.entries(FIRST_OF_PICTURES)) {
  for (const input of INPUTS) {
    Deno.test(`${first} can come first: ${input}`, async () => {
      const gpu = await sharedGpu();
      for (const [timeSteps, batch, shape] of [[9, 3, [2, 5, 4]], [35, 1, [2, 3, 5]]] as const) {
        const features = sizeOf(shape);
        const [outputs] = new Sequential(layersOf()).outputShape(shape);
        const layers = [...layersOf(), new Linear(outputs!, 3), new LifNode({ vThreshold: 0.3 })];
        await checkNetwork(gpu, { layers, input, timeSteps, batch, features, shape });
      }
    });
  }
}
