import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  Adam,
  crossEntropy,
  CubaLifNode,
  CubaLiNode,
  type Dataset,
  DirectEncoder,
  Flatten,
  imageDataset,
  LifNode,
  Linear,
  LiNode,
  ParametricLifNode,
  PoissonEncoder,
  rateMse,
  Sequential,
} from "../../mod.ts";
import { type Layer, type Loss, Random } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";
import { startTraining } from "../support/training.ts";

/** Two classes: images that are bright on the left or on the right. */
function halves(count: number): Dataset {
  const random = new Random(3);
  const [height, width] = [4, 6];
  const labels = Uint8Array.from({ length: count }, () => random.below(2));
  const images = Uint8Array.from({ length: count * height * width }, (_, i) => {
    const right = i % width >= width / 2 ? 1 : 0;
    const label = labels[Math.floor(i / (height * width))];
    return random.below(right === label ? 256 : 96);
  });
  return imageDataset(images, { shape: [1, height, width], labels, classes: 2 });
}

/** Trains a network; returns the mean loss of each epoch, and what it learned. */
async function train(
  layers: Layer[],
  encoder: DirectEncoder | PoissonEncoder,
  loss: Loss = rateMse(),
  readout: "mean" | "max" | "last" = "mean",
) {
  const gpu = await sharedGpu();
  const data = halves(64);
  using training = await startTraining(gpu, new Sequential([new Flatten(), ...layers]), {
    ...{ input: data.shape, encoder, timeSteps: 12, batchSize: 16, seed: 1, readout },
    loss,
    optimizer: new Adam({ learningRate: 0.01 }),
  });
  const first = await training.model.parameters();
  const losses: number[] = [];
  for await (const epoch of training.trainer.fit(data, { epochs: 10 })) {
    losses.push(epoch.trainLoss);
  }
  return { losses, first, parameters: await training.model.parameters() };
}

const NETWORKS: [name: string, layers: () => Layer[], learned: string[]][] = [
  [
    "current-based neurons that learn their time constants",
    () => [
      new Linear(24, 7),
      new CubaLifNode({ tauSyn: { learned: 3 }, tauMem: { learned: new Float32Array(7).fill(4) } }),
      new Linear(7, 2),
      new CubaLifNode({ decayCurrent: true, vReset: null }),
    ],
    ["w_syn", "w_mem"],
  ],
  [
    "leaky integrators between layers",
    () => [new Linear(24, 7), new LiNode({ tau: { learned: 3 } }), new Linear(7, 2), new LifNode()],
    ["w"],
  ],
  [
    "a time constant for each neuron",
    () => [
      new Linear(24, 7),
      new ParametricLifNode({ tau: [1.5, 2, 3, 4, 5, 6, 7] }),
      new Linear(7, 2),
      new LifNode({ tau: [2, 3], vThreshold: [0.75, 0.5] }),
    ],
    ["w"],
  ],
];
for (const [name, layers, learned] of NETWORKS) {
  for (const encoder of [new DirectEncoder(), new PoissonEncoder()]) {
    Deno.test(`a network learns: ${name}, ${encoder.constructor.name}`, async () => {
      const { losses, first, parameters } = await train(layers(), encoder);
      assert(losses.at(-1)! < 0.7 * losses[0]!, `losses ${losses}`);
      const names = [...first.keys()].filter((name) => name.startsWith("layer.2."));
      assertEquals(names, learned.map((name) => `layer.2.${name}`));
      for (const name of names) {
        assertEquals(parameters.get(name)!.shape, first.get(name)!.shape);
        assertNotEquals(parameters.get(name)!.data, first.get(name)!.data);
      }
    });
  }
}

Deno.test("a single layer whose neurons differ learns, by the kernels of all layers", async () => {
  const neurons = new LifNode({ vThreshold: [0.75, 1] });
  const { losses } = await train([new Linear(24, 2), neurons], new PoissonEncoder());
  assert(losses.at(-1)! < 0.7 * losses[0]!, `losses ${losses}`);
});

for (const readout of ["mean", "max", "last"] as const) {
  for (const end of [new LiNode({ tau: 4 }), new CubaLiNode({ decayCurrent: true })]) {
    Deno.test(`a network that ends in ${end.kind} learns from the ${readout} of its potentials`, async () => {
      const layers = [new Linear(24, 7), new LifNode(), new Linear(7, 2), end];
      const { losses } = await train(layers, new PoissonEncoder(), crossEntropy(), readout);
      assert(losses.at(-1)! < 0.8 * losses[0]!, `losses ${losses}`);
    });
  }
}
