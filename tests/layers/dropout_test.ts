import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Adam,
  type Dataset,
  Dropout,
  Dropout2d,
  type Gpu,
  imageDataset,
  LifNode,
  Linear,
  PoissonEncoder,
  rateMse,
  Sequential,
} from "../../mod.ts";
import {
  type Gradient,
  type Layer,
  layerFromJson,
  type NumberSignal,
  Random,
  type Signal,
  timeWords,
} from "../../src/extend.ts";
import { hash, hashAll } from "../../src/core/random.ts";
import { denseLength, placeOf } from "../support/dense.ts";
import { sharedGpu } from "../support/gpu.ts";
import { unfused } from "../support/losses.ts";
import { TestProgram } from "../support/test_program.ts";
import { startTraining } from "../support/training.ts";

const SHAPES = [
  { timeSteps: 1, batchSize: 1, features: 1 },
  { timeSteps: 3, batchSize: 7, features: 5 },
  { timeSteps: 33, batchSize: 3, features: 43 },
  { timeSteps: 130, batchSize: 2, features: 65 },
] as const;

const KEY = 0xcafe1234;

/** What tells the dropout of a path from others. */
function hashOf(path: string): number {
  return hashAll(...Array.from(`${path} dropout`, (c) => c.codePointAt(0)!));
}

const LAYER = hashOf("layer");

/** Whether value n of a layer's dropout stays: the twin of kernels/dropout/keep.wgsl. */
function keeps(n: number, p: number, key: number, layer = LAYER): boolean {
  return hash(hash(n) ^ hash(key ^ layer)) >= Math.round(p * 2 ** 32);
}

/** Random numbers of -1 to 1. */
function numbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.uniform(-1, 1));
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
  const own = [features];
  const neurons = batchSize * features;
  const title = `T ${timeSteps}, batch ${batchSize}, ${features} features`;

  for (const over of ["time", "constant"] as const) {
    const kind = over === "time" ? "dense" : "constant";
    const count = kind === "dense" ? denseLength(timeSteps, neurons) : neurons;
    const neuronOf = (i: number) => kind === "dense" ? placeOf(i, timeSteps).n : i;
    // Past the last neuron stands 0.
    const drawn = (seed: number) =>
      numbers(count, seed).map((x, i) => neuronOf(i) < neurons ? x : 0);

    Deno.test(`dropout of a ${kind} signal: ${title}`, async () => {
      const gpu = await sharedGpu();
      for (const p of [0, 0.2, 0.5]) {
        using program = new TestProgram(gpu, shape);
        const values = drawn(1);
        const input = {
          kind: "numbers",
          shape: own,
          over,
          values: program.filled(values),
        } as const;
        const { output, backward } = await new Dropout(p).compile(program.scope, input);
        assert(output.kind === "numbers" && output.over === over);
        assertEquals(output.shape, own);
        assert(output.values !== input.values);
        for (const key of [KEY, KEY + 1]) {
          program.run("forward", { key });
          const got = await readFloats(gpu, output.values, count);
          assertMasked(got, values, 1 / (1 - p), (i) => keeps(neuronOf(i), p, key));
        }
        program.run("forward", { key: KEY, learns: false });
        assertEquals(await readFloats(gpu, output.values, count), values);
        assertEquals(await readFloats(gpu, input.values, count), values);

        const upstream = drawn(2);
        const buffer = program.filled(upstream);
        const gradient: Gradient = {
          values: { over: over === "time" ? "time" : "summed", buffer },
        };
        assertEquals(await backward(gradient, false), undefined);
        assertEquals(program.count("backward"), 0);
        assertEquals(await backward(gradient, true) === gradient, true);
        program.run("backward", { key: KEY, learns: false });
        assertEquals(await readFloats(gpu, buffer, count), upstream);
        program.run("backward", { key: KEY });
        const got = await readFloats(gpu, buffer, count);
        assertMasked(got, upstream, 1 / (1 - p), (i) => keeps(neuronOf(i), p, KEY));
      }
    });
  }

  Deno.test(`the gradient of a dense signal's dropout may be the same at each time step: ${title}`, async () => {
    const gpu = await sharedGpu();
    using program = new TestProgram(gpu, shape);
    const values = program.scope.buffer(4 * denseLength(timeSteps, neurons), "values");
    const { backward } = await new Dropout(0.25).compile(
      program.scope,
      { kind: "numbers", shape: own, over: "time", values },
    );
    const upstream = numbers(neurons, 3);
    const buffer = program.filled(upstream);
    const gradient = { values: { over: "constant", buffer } } as const;
    assertEquals(await backward(gradient, true) === gradient, true);
    program.run("backward", { key: KEY });
    const got = await readFloats(gpu, buffer, neurons);
    assertMasked(got, upstream, 4 / 3, (n) => keeps(n, 0.25, KEY));
  });

  Deno.test(`dropout of spikes: ${title}`, async () => {
    const gpu = await sharedGpu();
    const p = 0.375;
    const words = timeWords(timeSteps);
    using program = new TestProgram(gpu, shape);
    const random = new Random(4);
    const spikes = Uint32Array.from({ length: words * neurons }, () => random.word());
    const counts = Uint32Array.from({ length: neurons }, () => random.below(1000));
    const input: Signal = {
      kind: "spikes",
      shape: own,
      over: "time",
      spikes: program.filled(spikes),
      counts: program.filled(counts),
      traces: { v: program.scope.buffer(16, "potential") },
      scale: 2,
    };
    const { output, backward } = await new Dropout(p).compile(program.scope, input);
    assert(output.kind === "spikes");
    assertEquals(output.shape, own);
    assertEquals([output.scale, output.traces], [2 / (1 - p), undefined]);
    const read = async (buffer: GPUBuffer, size: number) =>
      new Uint32Array(await gpu.read(buffer, size * 4));
    program.run("forward", { key: KEY });
    assertEquals(
      await read(output.spikes, words * neurons),
      spikes.map((word, i) => keeps(i % neurons, p, KEY) ? word : 0),
    );
    assertEquals(
      await read(output.counts, neurons),
      counts.map((count, n) => keeps(n, p, KEY) ? count : 0),
    );
    program.run("forward", { key: KEY, learns: false });
    assertEquals(await read(output.spikes, words * neurons), spikes);
    assertEquals(await read(output.counts, neurons), counts);

    // Who reads the spikes scales their gradient, so nothing but the mask is left to do.
    for (const over of ["time", "constant"] as const) {
      const neuronOf = (i: number) => over === "time" ? placeOf(i, timeSteps).n : i;
      const upstream = numbers(over === "time" ? denseLength(timeSteps, neurons) : neurons, 5)
        .map((x, i) => neuronOf(i) < neurons ? x : 0);
      using fresh = new TestProgram(gpu, shape);
      const layer = await new Dropout(p).compile(fresh.scope, input);
      const buffer = fresh.filled(upstream);
      await layer.backward({ values: { over, buffer } }, true);
      fresh.run("backward", { key: KEY });
      const got = await readFloats(gpu, buffer, upstream.length);
      assertMasked(got, upstream, 1, (i) => keeps(neuronOf(i), p, KEY));
    }
    const potential = { traces: input.traces! };
    await assertRejects(() => backward(potential, true), TypeError, "passes no potential on");
  });
}

/** Numbers that are the same at each time step, all of them 1. */
function onesOf(program: TestProgram, features: number): NumberSignal {
  const ones = new Float32Array(program.scope.batchSize * features).fill(1);
  return { kind: "numbers", shape: [features], over: "constant", values: program.filled(ones) };
}

for (const over of ["time", "constant"] as const) {
  Deno.test(`dropout of channels drops all their places alike: over ${over}`, async () => {
    const gpu = await sharedGpu();
    const shape = { timeSteps: 5, batchSize: 7 };
    const [channels, height, width] = [6, 3, 5];
    const own = [channels, height, width];
    const count = shape.batchSize * channels * height * width;
    using program = new TestProgram(gpu, shape);
    const length = over === "time" ? denseLength(shape.timeSteps, count) : count;
    const values = numbers(length, 1)
      .map((x, i) => over === "constant" || placeOf(i, shape.timeSteps).n < count ? x : 0);
    const layer = new Dropout2d(0.5);
    const { output } = await layer.compile(program.scope, {
      kind: "numbers",
      shape: own,
      over,
      values: program.filled(values),
    });
    program.run("forward", { key: KEY });
    assert(output.kind === "numbers");
    const channelOf = (i: number) =>
      Math.floor((over === "time" ? placeOf(i, shape.timeSteps).n : i) / (height * width));
    const got = await readFloats(gpu, output.values, length);
    assertMasked(got, values, 2, (i) => keeps(channelOf(i), 0.5, KEY));
    const kept = Array.from(
      { length: shape.batchSize * channels },
      (_, channel) => keeps(channel, 0.5, KEY),
    );
    assert(kept.includes(true) && kept.includes(false));
  });
}

Deno.test("dropout of channels is made again from JSON, and says what it can't take", () => {
  const layer = new Dropout2d(0.25);
  assertEquals(layerFromJson(JSON.parse(JSON.stringify(layer))), layer);
  assertEquals(layer.outputShape([2, 3, 4]), [2, 3, 4]);
  assertThrows(
    () => layer.outputShape([12]),
    RangeError,
    "Dropout2d 0.25 as it takes samples of [channels, height, width]: it gets [12]",
  );
  assertThrows(
    () => new Dropout2d(1),
    RangeError,
    "Cannot create a Dropout2d layer as p must be at least 0 and less than 1: current value is 1",
  );
});

Deno.test("dropouts of a program draw different masks, those of the next program the same again", async () => {
  const gpu = await sharedGpu();
  const shape = { timeSteps: 1, batchSize: 8, features: 50 };
  const neurons = shape.batchSize * shape.features;
  for (let i = 0; i < 2; i++) {
    using program = new TestProgram(gpu, shape);
    const input = onesOf(program, shape.features);
    for (const name of ["0", "1", "inner"]) {
      const { output } = await new Dropout().compile(program.scope.child(name), input);
      program.run("forward", { key: KEY });
      assert(output.kind === "numbers");
      const want = (_: unknown, n: number) => keeps(n, 0.5, KEY, hashOf(`layer.${name}`)) ? 2 : 0;
      assertEquals(
        await readFloats(gpu, output.values, neurons),
        Float32Array.from({ length: neurons }, want),
      );
    }
  }
});

Deno.test("dropout reaches all values where one row of workgroups doesn't", async () => {
  const gpu = await sharedGpu();
  const shape = { timeSteps: 1, batchSize: 2, features: 2 ** 21 + 1000 };
  const neurons = shape.batchSize * shape.features;
  using program = new TestProgram(gpu, shape);
  const { output } = await new Dropout().compile(program.scope, onesOf(program, shape.features));
  program.run("forward", { key: KEY });
  assert(output.kind === "numbers");
  const got = await readFloats(gpu, output.values, neurons);
  assert(got.every((value, n) => value === (keeps(n, 0.5, KEY) ? 2 : 0)));
});

for (const p of [0, 2 ** -12, 0.1, 0.5, 0.9, 1 - 2 ** -12]) {
  Deno.test(`dropout's masks are independent, each value stays with probability 1 - ${p}`, async () => {
    const gpu = await sharedGpu();
    const shape = { timeSteps: 1, batchSize: 128, features: 1024 };
    const { batchSize, features } = shape;
    const size = batchSize * features;
    const draw = async (key: number, name: string) => {
      using program = new TestProgram(gpu, shape);
      const scope = program.scope.child(name);
      const { output } = await new Dropout(p).compile(scope, onesOf(program, features));
      program.run("forward", { key });
      assert(output.kind === "numbers");
      return (await readFloats(gpu, output.values, size)).map((value) => Number(value !== 0));
    };
    const keep = 1 - p;
    const mask = await draw(KEY, "1");
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
    const [nextStep, nextLayer] = [await draw(KEY + 1, "1"), await draw(KEY, "2")];
    near("next step", both((n) => nextStep[n]!), keep ** 2, size);
    near("next layer", both((n) => nextLayer[n]!), keep ** 2, size);
  });
}

for (const p of [-0.1, 1, 1.5, NaN]) {
  Deno.test(`dropout refuses a probability of ${p}`, () => {
    assertEquals(
      assertThrows(() => new Dropout(p), RangeError).message,
      `Cannot create a Dropout layer as p must be at least 0 and less than 1: current value is ${p}`,
    );
  });
}

/** Pictures whose class is the half that is bright. */
function halves(count: number, seed: number): Dataset {
  const [height, width] = [4, 6];
  const random = new Random(seed);
  const labels = Uint8Array.from({ length: count }, () => random.below(2));
  const images = Uint8Array.from({ length: count * height * width }, (_, i) => {
    const right = i % width >= width / 2;
    return right === (labels[Math.floor(i / (height * width))] === 1) ? random.below(256) : 0;
  });
  return imageDataset(images, { shape: [height * width], labels, classes: 2 });
}

/** Trains; gives the losses and accuracies of all epochs. */
async function train(layers: (outputs: number) => Layer[]): Promise<number[]> {
  const gpu = await sharedGpu();
  using training = await startTraining(gpu, new Sequential(layers(2)), {
    input: [24],
    encoder: new PoissonEncoder(),
    timeSteps: 9,
    batchSize: 8,
    loss: unfused(rateMse()),
    optimizer: new Adam({ learningRate: 0.02 }),
  });
  const reports: number[] = [];
  const options = { epochs: 5, test: halves(20, 2) };
  for await (const epoch of training.trainer.fit(halves(64, 1), options)) {
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
