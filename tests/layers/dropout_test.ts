import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Adam,
  Dropout,
  Gpu,
  type ImageDataset,
  type Layer,
  LifNode,
  Linear,
  PoissonEncoder,
  Random,
  rateMse,
  Sequential,
  type Signal,
  type SignalGradient,
  Trainer,
} from "../../mod.ts";
import { hash, hashAll } from "../../src/signal/random.ts";
import { timeWords } from "../../src/signal/time.ts";
import { TestCompilation } from "../support/compilation.ts";
import { denseLength, placeOf } from "../support/dense.ts";
import { unfused } from "../support/losses.ts";

const SHAPES = [
  { timeSteps: 1, batchSize: 1, features: 1 },
  { timeSteps: 3, batchSize: 7, features: 5 },
  { timeSteps: 33, batchSize: 3, features: 43 },
  { timeSteps: 130, batchSize: 2, features: 65 },
] as const;

const KEY = 0xcafe1234;

/** Whether value n of the plan's dropout `number` stays: the twin of kernels/dropout/keep.wgsl. */
function keeps(n: number, p: number, key: number, number = 0): boolean {
  const layer = hashAll(0x64726f70, number);
  return hash(hash(n) ^ hash(key ^ layer)) >= Math.round(p * 2 ** 32);
}

/** Random numbers of -1 to 1. */
function numbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.uniform(-1, 1));
}

function bufferOf(
  gpu: Gpu,
  data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
): GPUBuffer {
  const buffer = gpu.createBuffer(data.byteLength, "input");
  gpu.write(buffer, data);
  return buffer;
}

async function readFloats(gpu: Gpu, buffer: GPUBuffer, count: number): Promise<Float32Array> {
  return new Float32Array(await gpu.read(buffer, count * 4));
}

/** Asserts got[i] = values[i] * factor where its neuron stays, else 0. */
function assertMasked(
  got: Float32Array,
  values: Float32Array,
  factor: number,
  stays: (i: number) => boolean,
): void {
  values.forEach((value, i) => {
    const want = stays(i) ? value * factor : 0;
    assertAlmostEquals(got[i]!, want, 1e-6 * Math.abs(want), `value ${i}`);
  });
}

for (const shape of SHAPES) {
  const { timeSteps, batchSize, features } = shape;
  const neurons = batchSize * features;
  const title = `T ${timeSteps}, batch ${batchSize}, ${features} features`;

  for (const kind of ["dense", "constant"] as const) {
    const count = kind === "dense" ? denseLength(timeSteps, neurons) : neurons;
    const neuronOf = (i: number) => kind === "dense" ? placeOf(i, timeSteps).n : i;
    // Past the last neuron stands 0.
    const drawn = (seed: number) =>
      numbers(count, seed).map((x, i) => neuronOf(i) < neurons ? x : 0);

    Deno.test(`dropout of a ${kind} signal: ${title}`, async () => {
      using gpu = await Gpu.request();
      for (const p of [0, 0.2, 0.5]) {
        const compilation = new TestCompilation(gpu, shape);
        const values = drawn(1);
        const input = { kind, features, values: bufferOf(gpu, values) };
        const { output, backward } = await new Dropout(p).compile(compilation, input);
        assert(output.kind === kind && output.features === features);
        assert(output.values !== input.values);
        for (const key of [KEY, KEY + 1]) {
          compilation.run("forward", { key });
          const got = await readFloats(gpu, output.values, count);
          assertMasked(got, values, 1 / (1 - p), (i) => keeps(neuronOf(i), p, key));
        }
        compilation.run("forward", { key: KEY, learns: false });
        assertEquals(await readFloats(gpu, output.values, count), values);
        assertEquals(await readFloats(gpu, input.values, count), values);

        const upstream = drawn(2);
        const gradient: SignalGradient = {
          kind: kind === "dense" ? "dense" : "total",
          values: bufferOf(gpu, upstream),
        };
        assertEquals(await backward(gradient, false), undefined);
        assertEquals(compilation.count("backward"), 0);
        assertEquals(await backward(gradient, true) === gradient, true);
        compilation.run("backward", { key: KEY, learns: false });
        assertEquals(await readFloats(gpu, gradient.values, count), upstream);
        compilation.run("backward", { key: KEY });
        const got = await readFloats(gpu, gradient.values, count);
        assertMasked(got, upstream, 1 / (1 - p), (i) => keeps(neuronOf(i), p, KEY));
      }
    });
  }

  Deno.test(`the gradient of a dense signal's dropout may be the same at each time step: ${title}`, async () => {
    using gpu = await Gpu.request();
    const compilation = new TestCompilation(gpu, shape);
    const values = gpu.createBuffer(4 * denseLength(timeSteps, neurons), "values");
    const { backward } = await new Dropout(0.25).compile(
      compilation,
      { kind: "dense", features, values },
    );
    const upstream = numbers(neurons, 3);
    const gradient = { kind: "constant", values: bufferOf(gpu, upstream) } as const;
    assertEquals(await backward(gradient, true) === gradient, true);
    compilation.run("backward", { key: KEY });
    const got = await readFloats(gpu, gradient.values, neurons);
    assertMasked(got, upstream, 4 / 3, (n) => keeps(n, 0.25, KEY));
  });

  Deno.test(`dropout of spikes: ${title}`, async () => {
    using gpu = await Gpu.request();
    const p = 0.375;
    const words = timeWords(timeSteps);
    const compilation = new TestCompilation(gpu, shape);
    const random = new Random(4);
    const spikes = Uint32Array.from({ length: words * neurons }, () => random.word());
    const counts = Uint32Array.from({ length: neurons }, () => random.below(1000));
    const input: Signal = {
      kind: "spikes",
      features,
      spikes: bufferOf(gpu, spikes),
      counts: bufferOf(gpu, counts),
      potential: gpu.createBuffer(16, "potential"),
      scale: 2,
    };
    const { output, backward } = await new Dropout(p).compile(compilation, input);
    assert(output.kind === "spikes" && output.features === features);
    assertEquals([output.scale, output.potential], [2 / (1 - p), undefined]);
    const read = async (buffer: GPUBuffer, size: number) =>
      new Uint32Array(await gpu.read(buffer, size * 4));
    compilation.run("forward", { key: KEY });
    assertEquals(
      await read(output.spikes, words * neurons),
      spikes.map((word, i) => keeps(i % neurons, p, KEY) ? word : 0),
    );
    assertEquals(
      await read(output.counts, neurons),
      counts.map((count, n) => keeps(n, p, KEY) ? count : 0),
    );
    compilation.run("forward", { key: KEY, learns: false });
    assertEquals(await read(output.spikes, words * neurons), spikes);
    assertEquals(await read(output.counts, neurons), counts);

    // Who reads the spikes scales their gradient, so nothing but the mask is left to do.
    for (const kind of ["dense", "constant"] as const) {
      const neuronOf = (i: number) => kind === "dense" ? placeOf(i, timeSteps).n : i;
      const upstream = numbers(kind === "dense" ? denseLength(timeSteps, neurons) : neurons, 5)
        .map((x, i) => neuronOf(i) < neurons ? x : 0);
      const fresh = new TestCompilation(gpu, shape);
      const layer = await new Dropout(p).compile(fresh, input);
      const gradient = { kind, values: bufferOf(gpu, upstream) };
      await layer.backward(gradient, true);
      fresh.run("backward", { key: KEY });
      const got = await readFloats(gpu, gradient.values, upstream.length);
      assertMasked(got, upstream, 1, (i) => keeps(neuronOf(i), p, KEY));
    }
    const potential = { kind: "potential", values: input.potential! } as const;
    await assertRejects(() => backward(potential, true), TypeError, "passes no potential on");
  });
}

Deno.test("dropouts of a plan draw different masks, those of the next plan the same again", async () => {
  using gpu = await Gpu.request();
  const shape = { timeSteps: 1, batchSize: 8, features: 50 };
  const neurons = shape.batchSize * shape.features;
  const ones = bufferOf(gpu, new Float32Array(neurons).fill(1));
  for (let plan = 0; plan < 2; plan++) {
    const compilation = new TestCompilation(gpu, shape);
    for (let number = 0; number < 3; number++) {
      const input: Signal = { kind: "constant", features: shape.features, values: ones };
      const { output } = await new Dropout().compile(compilation, input);
      compilation.run("forward", { key: KEY });
      assert(output.kind === "constant");
      assertEquals(
        await readFloats(gpu, output.values, neurons),
        Float32Array.from({ length: neurons }, (_, n) => keeps(n, 0.5, KEY, number) ? 2 : 0),
      );
    }
  }
});

Deno.test("dropout reaches all values where one row of workgroups doesn't", async () => {
  using gpu = await Gpu.request();
  const shape = { timeSteps: 1, batchSize: 2, features: 2 ** 21 + 1000 };
  const neurons = shape.batchSize * shape.features;
  const compilation = new TestCompilation(gpu, shape);
  const input: Signal = {
    kind: "constant",
    features: shape.features,
    values: bufferOf(gpu, new Float32Array(neurons).fill(1)),
  };
  const { output } = await new Dropout().compile(compilation, input);
  compilation.run("forward", { key: KEY });
  assert(output.kind === "constant");
  const got = await readFloats(gpu, output.values, neurons);
  assert(got.every((value, n) => value === (keeps(n, 0.5, KEY) ? 2 : 0)));
});

for (const p of [0, 2 ** -12, 0.1, 0.5, 0.9, 1 - 2 ** -12]) {
  Deno.test(`dropout's masks are independent, each value stays with probability 1 - ${p}`, async () => {
    using gpu = await Gpu.request();
    const shape = { timeSteps: 1, batchSize: 128, features: 1024 };
    const { batchSize, features } = shape;
    const size = batchSize * features;
    const ones = bufferOf(gpu, new Float32Array(size).fill(1));
    const draw = async (key: number, layers: number) => {
      const compilation = new TestCompilation(gpu, shape);
      const outputs: Signal[] = [];
      for (let i = 0; i < layers; i++) {
        const input: Signal = { kind: "constant", features, values: ones };
        outputs.push((await new Dropout(p).compile(compilation, input)).output);
      }
      compilation.run("forward", { key });
      const output = outputs.at(-1)!;
      assert(output.kind === "constant");
      return (await readFloats(gpu, output.values, size)).map((value) => Number(value !== 0));
    };
    const keep = 1 - p;
    const mask = await draw(KEY, 1);
    const near = (name: string, got: number, mean: number, trials: number) => {
      const deviation = 5 * Math.sqrt(mean * (1 - mean) / trials);
      assert(Math.abs(got - mean) <= deviation, `${name}: ${got}, should be ${mean}`);
    };
    near("kept", mask.reduce((a, b) => a + b) / size, keep, size);
    const both = (other: (n: number) => number) =>
      mask.reduce((sum, kept, n) => sum + kept * other(n), 0) / size;
    // Pairs overlap, so as many as half of them count as trials of their own.
    near("next feature", both((n) => mask[(n + 1) % size]!), keep ** 2, size / 2);
    near("next sample", both((n) => mask[(n + features) % size]!), keep ** 2, size / 2);
    const [nextStep, nextLayer] = [await draw(KEY + 1, 1), await draw(KEY, 2)];
    near("next step", both((n) => nextStep[n]!), keep ** 2, size);
    near("next layer", both((n) => nextLayer[n]!), keep ** 2, size);
  });
}

Deno.test("dropout refuses signals that it can't read", async () => {
  using gpu = await Gpu.request();
  const compilation = new TestCompilation(gpu, { batchSize: 1, timeSteps: 1, features: 4 });
  const error = await assertRejects(
    () => new Dropout().compile(compilation, { kind: "pixels", features: 4 }),
    TypeError,
  );
  assertEquals(
    error.message,
    "Cannot compile a Dropout layer as it can't read a signal of pixels",
  );
});

for (const p of [-0.1, 1, 1.5, NaN]) {
  Deno.test(`dropout refuses a probability of ${p}`, () => {
    assertEquals(
      assertThrows(() => new Dropout(p), RangeError).message,
      `Cannot create a Dropout layer as p must be at least 0 and less than 1: current value is ${p}`,
    );
  });
}

/** Pictures whose class is the half that is bright. */
function halves(count: number, seed: number): ImageDataset {
  const [height, width] = [4, 6];
  const random = new Random(seed);
  const labels = Uint8Array.from({ length: count }, () => random.below(2));
  const images = Uint8Array.from({ length: count * height * width }, (_, i) => {
    const right = i % width >= width / 2;
    return right === (labels[Math.floor(i / (height * width))] === 1) ? random.below(256) : 0;
  });
  return { images, labels, count, height, width, classes: 2 };
}

/** Trains; gives the losses and accuracies of all epochs. */
async function train(layers: (outputs: number) => Layer[]): Promise<number[]> {
  using gpu = await Gpu.request();
  using trainer = new Trainer(gpu, new Sequential(layers(2)), {
    encoder: new PoissonEncoder(),
    timeSteps: 9,
    batchSize: 8,
    loss: unfused(rateMse()),
    optimizer: new Adam({ learningRate: 0.02 }),
  });
  const reports: number[] = [];
  const options = { epochs: 5, test: halves(20, 2) };
  for await (const epoch of trainer.fit(halves(64, 1), options)) {
    reports.push(epoch.trainLoss, epoch.trainAccuracy, epoch.testLoss, epoch.testAccuracy);
  }
  return reports;
}

Deno.test("a network with dropout trains, each time the same", async () => {
  const layers = (p: number) => (outputs: number) => [
    new Linear(24, outputs),
    new Dropout(p),
    new LifNode(),
  ];
  const without = await train((outputs) => [new Linear(24, outputs), new LifNode()]);
  assertEquals(await train(layers(0)), without);
  const dropped = await train(layers(0.3));
  assertEquals(await train(layers(0.3)), dropped);
  assert(dropped[0] !== without[0]);
  assert(dropped.every(Number.isFinite));
  assert(dropped.at(-1)! >= 0.8, `accuracy ${dropped.at(-1)}`);
});
