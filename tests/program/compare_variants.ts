import { assert, assertEquals } from "@std/assert";
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  CubaLifNode,
  type Dataset,
  DirectEncoder,
  Dropout,
  EventEncoder,
  Flatten,
  type Gpu,
  type GpuOptions,
  LifNode,
  Linear,
  MaxPool2d,
  PoissonEncoder,
  rateMse,
  Recurrent,
  Residual,
  Sequential,
  Sgd,
} from "../../mod.ts";
import { type Layer, Random } from "../../src/extend.ts";
import { spikeDataset } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { numbersOf, randomPictures, startTraining } from "../support/training.ts";

const FEATURES = 21;
const CLASSES = 3;
/** Samples of a batch, and how many there are: the last place stays empty. */
const [BATCH, COUNT] = [6, 5];

const lif = () => new LifNode({ vThreshold: 0.3 });

/** A network, what it reads, and the numbers of time steps that it is compared for. */
interface Network {
  readonly what: string;
  readonly input: "Poisson" | "direct" | "events";
  readonly layersOf: () => Layer[];
  readonly steps: readonly number[];
  /** What a sample has; all in one dimension by default. */
  readonly shape?: readonly number[];
}

/** One word of spikes and more, and a second segment of the neurons' kernels. */
const STEPS = [1, 7, 33, 129];

/** Networks whose input has variants. Before a norm a bias has no gradient but rounding. */
const NETWORKS: readonly Network[] = [
  {
    what: "one Linear layer",
    input: "Poisson",
    layersOf: () => [new Linear(FEATURES, CLASSES), lif()],
    steps: STEPS,
  },
  {
    what: "two Linear layers",
    input: "direct",
    layersOf: () => [new Linear(FEATURES, 12), lif(), new Linear(12, CLASSES), lif()],
    steps: STEPS,
  },
  {
    what: "two Linear layers and dropout",
    input: "events",
    layersOf: () => [
      new Linear(FEATURES, 8),
      lif(),
      new Dropout(0.25),
      new Linear(8, CLASSES),
      lif(),
    ],
    steps: STEPS,
  },
  {
    what: "a Residual layer",
    input: "Poisson",
    layersOf: () => [
      new Linear(FEATURES, 5),
      new Residual(new Sequential([lif(), new Linear(5, 5)])),
      lif(),
      new Linear(5, CLASSES),
      lif(),
    ],
    steps: [1, 7, 33],
  },
  {
    what: "a convolution, a norm and a pool",
    input: "direct",
    shape: [1, 7, 3],
    layersOf: () => [
      new Conv2d(1, 5, { kernelSize: 3, padding: 1, bias: false }),
      new BatchNorm2d(5),
      lif(),
      new MaxPool2d(2),
      new Conv2d(5, 6, { kernelSize: [3, 1], padding: "same", bias: false }),
      new BatchNorm2d(6),
      lif(),
      new Flatten(),
      new Linear(18, CLASSES),
      lif(),
    ],
    steps: [1, 7, 33],
  },
  {
    what: "a pool after neurons, and a norm of a Linear layer",
    input: "events",
    shape: [3, 7, 1],
    layersOf: () => [
      new Conv2d(3, 4, { kernelSize: [2, 1], stride: [2, 1], bias: false }),
      lif(),
      new MaxPool2d([2, 1]),
      new Residual(new Sequential([lif(), new MaxPool2d(1)])),
      new Flatten(),
      new Linear(4, 7, { bias: false }),
      new BatchNorm1d(7),
      lif(),
      new Linear(7, CLASSES),
      lif(),
    ],
    steps: [7],
  },
  {
    what: "a recurrent layer",
    input: "events",
    layersOf: () => [
      new Linear(FEATURES, 12),
      new Recurrent(new CubaLifNode({ tauMem: { learned: 3 }, vThreshold: 0.3 })),
      new Linear(12, CLASSES),
      lif(),
    ],
    steps: [7, 33],
  },
];

/** Networks whose products fill the tiles of a GPU's workgroups. */
export const WIDE_NETWORKS: readonly Network[] = [
  {
    what: "wide convolutions and a norm",
    input: "events",
    shape: [3, 7, 1],
    layersOf: () => [
      new Conv2d(3, 33, { kernelSize: 3, padding: 1 }),
      lif(),
      new Conv2d(33, 35, { kernelSize: [3, 1], padding: [1, 0], bias: false }),
      new BatchNorm2d(35),
      lif(),
      new MaxPool2d([7, 1]),
      new Flatten(),
      new Linear(35, CLASSES),
      lif(),
    ],
    steps: [7],
  },
  {
    what: "wide Linear layers",
    input: "events",
    layersOf: () => [
      new Linear(FEATURES, 33),
      lif(),
      new Linear(33, 34),
      lif(),
      new Linear(34, CLASSES),
      lif(),
    ],
    steps: [44],
  },
];

const ENCODERS = {
  Poisson: new PoissonEncoder(),
  direct: new DirectEncoder(),
  events: new EventEncoder(),
};

function samplesOf(
  input: keyof typeof ENCODERS,
  timeSteps: number,
  shape: readonly number[],
): Dataset {
  if (input !== "events") {
    return randomPictures({ count: COUNT, shape, classes: CLASSES, seed: timeSteps });
  }
  const random = new Random(timeSteps);
  const length = timeSteps * COUNT * FEATURES;
  return spikeDataset(Uint8Array.from({ length }, () => random.below(2)), {
    timeSteps,
    shape,
    labels: [0, 1, 2, 0, 1],
    classes: CLASSES,
  });
}

/** The gradients of one step. */
async function gradientsOf(
  gpu: Gpu,
  { input, layersOf, shape = [FEATURES] }: Network,
  timeSteps: number,
  variants: "auto" | "plain",
): Promise<Record<string, number[]>> {
  using training = await startTraining(gpu, new Sequential(layersOf()), {
    input: shape,
    encoder: ENCODERS[input],
    timeSteps,
    batchSize: BATCH,
    variants,
    loss: rateMse(),
    optimizer: new Sgd(),
    seed: 3,
  });
  return numbersOf(await training.trainer.gradients(samplesOf(input, timeSteps, shape)));
}

/** Compares the gradients of plain kernels with those of others, on a device. */
export function compareVariants(
  device: string,
  options: GpuOptions,
  chosen: readonly number[] = STEPS,
  networks: readonly Network[] = NETWORKS,
): void {
  for (const network of networks) {
    const { what, input, steps } = network;
    Deno.test(`plain kernels give the gradients that others give: ${what}, ${input}, ${device}`, async () => {
      const gpu = await sharedGpu(options);
      for (const timeSteps of steps.filter((T) => chosen.includes(T))) {
        const fast = await gradientsOf(gpu, network, timeSteps, "auto");
        const plain = await gradientsOf(gpu, network, timeSteps, "plain");
        assertEquals(Object.keys(fast), Object.keys(plain));
        for (const [name, own] of Object.entries(fast)) {
          const largest = own.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
          // In one time step neurons may not fire at all.
          assert(largest > 0 || timeSteps === 1, `T ${timeSteps}: all of ${name} is 0`);
          own.forEach((g, i) =>
            assert(
              Math.abs(g - plain[name]![i]!) <= 1e-6 * largest,
              `T ${timeSteps}: number ${i} of ${name} is ${g}, and ${
                plain[name]![i]
              } by plain kernels`,
            )
          );
        }
      }
    });
  }
}
