import { assert, assertEquals } from "@std/assert";
import {
  AlifNode,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  countCrossEntropy,
  crossEntropy,
  CubaLifNode,
  CubaLiNode,
  Dataset,
  DirectEncoder,
  Dropout,
  EventEncoder,
  Flatten,
  type Gpu,
  type GpuOptions,
  IfNode,
  LifNode,
  Linear,
  LiNode,
  MaxPool2d,
  ParametricLifNode,
  PoissonEncoder,
  potentialMse,
  rateCrossEntropy,
  rateMse,
  Recurrent,
  Residual,
  Sequential,
  Sgd,
  SumPool2d,
  SynapseFilter,
  temporalCrossEntropy,
  valueMse,
} from "../../mod.ts";
import { type Layer, type Loss, Random } from "../../src/extend.ts";
import { spikeDataset } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { numbersOf, startTraining } from "../support/training.ts";

const FEATURES = 12;
const CLASSES = 3;
/** Samples of a batch, and how many there are: the last place stays empty. */
const [BATCH, COUNT] = [3, 2];

const lif = () => new LifNode({ vThreshold: 0.3 });

/** A network, what it reads and what it learns by. */
export interface Network {
  readonly what: string;
  readonly input: "Poisson" | "direct" | "events" | "floats";
  readonly layersOf: () => Layer[];
  readonly loss: Loss;
  readonly readout?: "mean" | "max" | "last";
  /** What a sample has; all in one dimension by default. */
  readonly shape?: readonly number[];
  /** T, and how many of them each sample has; by default 12 of 5 and 12. */
  readonly steps?: readonly [timeSteps: number, lengths: readonly [number, number]];
  /** What of a sample follows from its place in a batch, or from the others there; by default nothing. */
  readonly mixes?: "scores and gradients" | "gradients";
  /** Whether it is compared for plain kernels, and for those of a GPU, too. */
  readonly variants?: boolean;
}

const NETWORKS: readonly Network[] = [
  {
    what: "a Linear layer and LIF, by rateMse",
    input: "Poisson",
    layersOf: () => [new Linear(FEATURES, CLASSES), lif()],
    loss: rateMse({ correctRate: 0.9, wrongRate: 0.1 }),
    mixes: "scores and gradients",
    variants: true,
  },
  {
    what: "neurons that fire without an input, by countCrossEntropy",
    input: "events",
    layersOf: () => [
      new Linear(FEATURES, 6),
      new ParametricLifNode({ tau: 3, vThreshold: 0.1 }),
      new Linear(6, CLASSES),
      new IfNode({ vThreshold: 0.2, vReset: null }),
    ],
    loss: countCrossEntropy(),
  },
  {
    what: "a recurrent layer and a readout by its mean, more than a word of time steps",
    input: "events",
    layersOf: () => [
      new Linear(FEATURES, 9),
      new Recurrent(new CubaLifNode({ tauMem: { learned: 3 }, vThreshold: 0.3 })),
      new Linear(9, CLASSES),
      new LiNode({ tau: 4 }),
    ],
    loss: crossEntropy(),
    steps: [40, [33, 20]],
    variants: true,
  },
  {
    what: "a recurrent layer of adapting neurons and a readout by its largest",
    input: "direct",
    layersOf: () => [
      new Linear(FEATURES, 9),
      new Recurrent(new AlifNode({ tau: 3, vThreshold: 0.05 })),
      new Linear(9, CLASSES),
      new CubaLiNode({ tauMem: 4, tauSyn: 2 }),
    ],
    loss: valueMse(),
    readout: "max",
  },
  {
    what: "neurons that hear themselves, dropout, and the last of numbers",
    input: "Poisson",
    layersOf: () => [
      new Linear(FEATURES, 8),
      new Recurrent(lif(), { mode: "element-wise" }),
      new Dropout(0.25),
      new Linear(8, CLASSES),
    ],
    loss: crossEntropy(),
    readout: "last",
    mixes: "scores and gradients",
  },
  {
    what: "potentials of neurons, segments of time steps",
    input: "events",
    layersOf: () => [
      new Linear(FEATURES, 6),
      new CubaLifNode({ vThreshold: 0.3 }),
      new Linear(6, CLASSES),
      new LifNode({ vThreshold: 0.4, storeV: true }),
    ],
    loss: potentialMse({ correct: 0.3 }),
    steps: [141, [130, 70]],
  },
  {
    what: "potentials of neurons that don't fire",
    input: "floats",
    layersOf: () => [new Linear(FEATURES, CLASSES), new SynapseFilter({ tau: 3 }), new LiNode()],
    loss: potentialMse(),
  },
  {
    what: "the spikes of each time step, by temporalCrossEntropy",
    input: "direct",
    layersOf: () => [new Linear(FEATURES, CLASSES), lif()],
    loss: temporalCrossEntropy(),
  },
  {
    what: "the numbers of each time step, by temporalCrossEntropy",
    input: "events",
    layersOf: () => [new Linear(FEATURES, CLASSES)],
    loss: temporalCrossEntropy(),
    steps: [13, [6, 13]],
  },
  {
    what: "a convolution, pools and a residual layer, by rateCrossEntropy",
    input: "direct",
    shape: [1, 4, 3],
    layersOf: () => [
      new Conv2d(1, 4, { kernelSize: 3, padding: 1 }),
      lif(),
      new MaxPool2d([2, 1]),
      new Residual(new Sequential([new Conv2d(4, 4, { kernelSize: 1 }), lif()])),
      new AvgPool2d([1, 3]),
      new Flatten(),
      new Linear(8, CLASSES),
      lif(),
    ],
    loss: rateCrossEntropy(),
  },
  {
    what: "a sum pool of events, a residual product and neurons pooled at the end",
    input: "events",
    shape: [3, 4, 1],
    layersOf: () => [
      new SumPool2d([2, 1]),
      new Conv2d(3, CLASSES, { kernelSize: 1 }),
      lif(),
      new Residual(new Sequential([new Conv2d(3, CLASSES, { kernelSize: 1 }), lif()]), {
        connect: "IAND",
      }),
      lif(),
      new MaxPool2d([2, 1]),
      new Flatten(),
    ],
    loss: rateMse(),
  },
  {
    what: "a norm of numbers over time",
    input: "events",
    layersOf: () => [
      new Linear(FEATURES, 6, { bias: false }),
      new BatchNorm1d(6),
      lif(),
      new Linear(6, CLASSES),
      lif(),
    ],
    loss: rateMse(),
    mixes: "gradients",
    variants: true,
  },
  {
    what: "a convolution and a norm of what is the same at each time step, and a pool",
    input: "direct",
    shape: [1, 4, 3],
    layersOf: () => [
      new Conv2d(1, 4, { kernelSize: 3, padding: 1, bias: false }),
      new BatchNorm2d(4),
      lif(),
      new MaxPool2d([2, 1]),
      new Conv2d(4, 5, { kernelSize: [2, 1], bias: false }),
      new BatchNorm2d(5),
      lif(),
      new Flatten(),
      new Linear(15, CLASSES),
      lif(),
    ],
    loss: rateMse(),
    mixes: "gradients",
    variants: true,
  },
];

const ENCODERS = {
  Poisson: new PoissonEncoder(),
  direct: new DirectEncoder(),
  events: new EventEncoder(),
  floats: new DirectEncoder(),
};

/** Samples of T time steps, whose first ones are the same whatever T is. */
function samplesOf({ input, shape = [FEATURES] }: Network, timeSteps: number): Dataset {
  const labels = [0, 2];
  const random = new Random(7);
  const perSample = input === "events" || input === "floats" ? 200 * FEATURES : FEATURES;
  const numbers = labels.map(() =>
    Float32Array.from({ length: perSample }, () => random.uniform(0, 1))
  );
  if (input === "events") {
    const spikes = new Uint8Array(timeSteps * COUNT * FEATURES);
    numbers.forEach((own, b) => {
      for (let t = 0; t < timeSteps; t++) {
        for (let i = 0; i < FEATURES; i++) {
          spikes[(t * COUNT + b) * FEATURES + i] = own[t * FEATURES + i]! < 0.3 ? 1 : 0;
        }
      }
    });
    return spikeDataset(spikes, { timeSteps, shape, labels, classes: CLASSES });
  }
  const own = numbers.map((own) =>
    own.subarray(0, input === "floats" ? timeSteps * FEATURES : FEATURES)
  );
  const all = own.flatMap((own) => [...own]);
  const content = input === "floats"
    ? { kind: "floats" as const, data: Float32Array.from(all), timeSteps }
    : { kind: "bytes" as const, data: Uint8Array.from(all, (x) => 255 * x) };
  return new Dataset({ shape, content, labels, classes: CLASSES });
}

/** What a network says of samples and learns from them, in a program of T time steps. */
async function resultsOf(
  gpu: Gpu,
  { input, layersOf, loss, readout = "mean", shape = [FEATURES] }: Network,
  { timeSteps, variants, parts }: {
    readonly timeSteps: number;
    readonly variants: "auto" | "plain";
    readonly parts: readonly Dataset[];
  },
) {
  using training = await startTraining(gpu, new Sequential(layersOf()), {
    input: shape,
    encoder: ENCODERS[input],
    timeSteps,
    batchSize: BATCH,
    readout,
    variants,
    loss,
    optimizer: new Sgd(),
    seed: 3,
  });
  const { model, trainer } = training;
  const results = [];
  for (const part of parts) {
    const { loss: ownLoss, firing, counts } = await model.evaluate(part, { loss, count: true });
    const { synapticOperations, multiplyAccumulates, potentialUpdates, spikes } = counts!.total;
    results.push({
      scores: (await model.predict(part)).flatMap(({ scores }) => [...scores]),
      gradients: numbersOf(await trainer.gradients(part)),
      counts: {
        "the loss": [ownLoss],
        "the rates": firing.map(({ meanRate }) => meanRate),
        "synaptic operations": [synapticOperations],
        "multiplications": [multiplyAccumulates],
        "updates": [potentialUpdates],
        "spikes": [spikes],
      },
    });
  }
  return results;
}

/** Checks that numbers are others, but for the rounding of sums, of numbers so large, in another order. */
function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  what: string,
  largest = largestOf(expected),
): void {
  assertEquals(actual.length, expected.length, what);
  actual.forEach((x, i) =>
    assert(
      Math.abs(x - expected[i]!) <= 1e-6 * largest,
      `number ${i} of ${what} is ${x}, and ${expected[i]} alone`,
    )
  );
}

/** The largest of some numbers, whatever its sign. */
function largestOf(numbers: readonly number[]): number {
  return numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** Compares samples that end before T with the same alone, in programs of as many time steps. */
async function compare(gpu: Gpu, network: Network, variants: "auto" | "plain"): Promise<void> {
  const { mixes, steps: [timeSteps, lengths] = [12, [5, 12]] } = network;
  const all = new Dataset({ ...samplesOf(network, timeSteps), lengths });
  const parts = [all, ...lengths.map((_, i) => all.take([i]))];
  const [together, ...own] = await resultsOf(gpu, network, { timeSteps, variants, parts });
  const mean: Record<string, number[]> = {};
  /** Of what is added up: two samples' gradients may cancel each other. */
  const largest: Record<string, number> = {};
  for (const [i, length] of lengths.entries()) {
    const parts = [samplesOf(network, length).take([i])];
    const [alone] = await resultsOf(gpu, network, { timeSteps: length, variants, parts });
    const { scores, gradients, counts } = own[i]!;
    const text = `sample ${i}, ${variants}`;
    assertClose(scores, alone!.scores, `the scores of ${text}`);
    for (const [name, expected] of Object.entries(alone!.counts)) {
      assertClose(counts[name as keyof typeof counts], expected, `${name} of ${text}`);
    }
    for (const [name, expected] of Object.entries(alone!.gradients)) {
      assert(expected.some((g) => g !== 0), `all of ${name} is 0: ${text}`);
      assertClose(gradients[name]!, expected, `the gradient of ${name} by ${text}`);
      largest[name] = Math.max(largest[name] ?? 0, largestOf(expected) / COUNT);
      mean[name] = expected.map((g, n) => (mean[name]?.[n] ?? 0) + g / COUNT);
    }
    if (mixes === "scores and gradients") continue;
    const batch = together!.scores.slice(i * CLASSES, (i + 1) * CLASSES);
    assertClose(batch, alone!.scores, `the scores in a batch of ${text}`);
  }
  if (mixes) return;
  for (const [name, expected] of Object.entries(mean)) {
    const what = `the gradient of ${name} by a batch`;
    assertClose(together!.gradients[name]!, expected, what, largest[name]);
  }
}

/** Compares samples that end before T on a device. */
export function compareLengths(
  device: string,
  options: GpuOptions,
  chosen: (network: Network) => boolean = () => true,
): void {
  for (const network of NETWORKS.filter(chosen)) {
    const { what, input, variants = false } = network;
    Deno.test(`a sample that ends before T is one of fewer time steps: ${what}, ${input}, ${device}`, async () => {
      const gpu = await sharedGpu(options);
      await compare(gpu, network, "auto");
      if (variants) await compare(gpu, network, "plain");
    });
  }
}
