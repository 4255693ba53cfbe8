import { assert, assertEquals } from "@std/assert";
import {
  AvgPool2d,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  CubaLifNode,
  Dataset,
  DirectEncoder,
  eventDataset,
  EventEncoder,
  Flatten,
  IfNode,
  LifNode,
  Linear,
  LiNode,
  MaxPool2d,
  Model,
  PoissonEncoder,
  Recurrent,
  Residual,
  Sequential,
  SumPool2d,
} from "../../mod.ts";
import { Random } from "../../src/core/random.ts";
import { type Layer, type Shape, sizeOf } from "../../src/extend.ts";
import { countByHand, type Flow, type Operations } from "../reference/operations.ts";
import { sharedGpu } from "../support/gpu.ts";
import { PICTURES } from "../support/training_cases.ts";

/** Networks that the property is tried on. */
const NETWORKS = 20;
const SAMPLES = 3;

/** A network of random layers, and what a sample has. */
interface RandomNetwork {
  readonly network: Sequential;
  readonly input: Shape;
  readonly timeSteps: number;
}

function randomNetwork(seed: number): RandomNetwork {
  const random = new Random(seed);
  const among = <V>(...values: V[]): V => values[random.word() % values.length]!;
  const between = (first: number, last: number) => first + random.word() % (last - first + 1);
  const neurons = () =>
    among<() => Layer>(() => new IfNode(), () => new LifNode({ tau: 2, vReset: null }))();
  const input: Shape = seed % 4 === 3 ? [2, between(9, 14)] : [2, between(7, 11), between(7, 11)];
  const layers: Layer[] = [];
  let shape = input;
  const add = (...more: Layer[]) => {
    layers.push(...more);
    shape = more.reduce((shape, layer) => layer.outputShape(shape), shape);
  };
  for (let block = 0; block < between(1, 2); block++) {
    const outputs = 2 * between(1, 3);
    const options = {
      stride: among(1, 2),
      padding: between(0, 2),
      dilation: among(1, 1, 2),
      groups: among(1, 2),
      bias: among(true, false),
    };
    if (shape.length === 2) {
      add(new Conv1d(shape[0]!, outputs, { kernelSize: between(1, 3), ...options }), neurons());
      if (shape[1]! < 6) break;
      continue;
    }
    add(
      new Conv2d(shape[0]!, outputs, {
        kernelSize: [between(1, 3), between(1, 3)],
        ...options,
        padding: [options.padding, between(0, 1)],
      }),
    );
    if (among(true, false)) {
      add(neurons());
    } else {
      // Runs as one kernel with the neurons, and with the pool where one follows.
      add(new BatchNorm2d(outputs), neurons());
    }
    if (among(true, true, false)) {
      const same = { kernelSize: 3, padding: "same" as const };
      const inner = new Sequential([new Conv2d(outputs, outputs, same), neurons()]);
      add(new Residual(inner, { connect: among("ADD", "AND", "IAND") }));
    }
    if (shape[1]! < 5 || shape[2]! < 5) break;
    add(
      among<() => Layer>(() => new MaxPool2d(2), () => new SumPool2d(2), () => new AvgPool2d(2))(),
    );
  }
  add(
    new Flatten(),
    new Linear(sizeOf(shape), 3),
    among<() => Layer>(() => new IfNode(), () => new LiNode())(),
  );
  return { network: new Sequential(layers), input, timeSteps: among(4, 7, 12, 33) };
}

/** Events at random places and times, and the same as spikes `[T][...shape]` of each sample. */
function randomEvents(shape: Shape, timeSteps: number, seed: number) {
  const random = new Random(seed, 1);
  const size = sizeOf(shape);
  const samples = Array.from({ length: SAMPLES }, (_, label) => {
    const places = Array.from({ length: 2 * size }, () => random.word() % size);
    const times = places.map(() => random.word() % timeSteps);
    const spikes = new Uint8Array(timeSteps * size);
    places.forEach((place, i) => spikes[times[i]! * size + place] = 1);
    return { places, times, label: label % 3, spikes };
  });
  return { data: eventDataset(samples, { shape, classes: 3 }), samples };
}

/** Numbers that are multiples of 1/4, the same at each time step. */
function randomValues(shape: Shape, seed: number): Dataset {
  const random = new Random(seed, 2);
  const data = Float32Array.from({ length: SAMPLES * sizeOf(shape) }, () => random.word() % 5 / 4);
  return new Dataset({
    shape,
    content: { kind: "floats", data },
    labels: Array.from({ length: SAMPLES }, (_, i) => i % 3),
    classes: 3,
  });
}

/** Makes all weights multiples of 1/8: sums are then exact in any order, and so are spikes. */
async function makeExact(model: Model): Promise<void> {
  const parameters = await model.parameters();
  for (const { data } of parameters.values()) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      data[i] = Math.max(-8, Math.min(8, Math.round(value * 16))) / 8;
    }
  }
  model.load(parameters);
}

Deno.test("operations are those of a count by hand, for random networks", async () => {
  const gpu = await sharedGpu();
  const seen = { synaptic: 0, products: 0, updates: 0 };
  for (let seed = 0; seed < NETWORKS; seed++) {
    const { network, input, timeSteps } = randomNetwork(seed);
    const events = seed % 2 === 0;
    const { data, samples } = events
      ? randomEvents(input, timeSteps, seed)
      : { data: randomValues(input, seed), samples: [] };
    using model = await Model.compile(gpu, network, {
      input,
      encoder: events ? new EventEncoder() : new DirectEncoder(),
      timeSteps,
      batchSize: 2,
      seed,
    });
    await makeExact(model);
    const { counts, firing } = await model.evaluate(data, { count: true });
    const operations: Operations = new Map();
    let spikes = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const recording = await model.record(data.take([i]));
      const numbers = sizeOf(input);
      const { content } = data;
      const values = content.kind === "floats"
        ? content.data.subarray(i * numbers, (i + 1) * numbers)
        : samples[i]!.spikes;
      const flow: Flow = { values, shape: input, spikes: events };
      countByHand(network, "layer", flow, recording, operations);
      for (const { kind, spikes: fired } of recording.layers) {
        if (kind.endsWith("Node")) spikes += fired?.reduce((sum, spike) => sum + spike, 0) ?? 0;
      }
    }
    const what = `network ${seed}: ${JSON.stringify(network)}`;
    const got = new Map(counts!.layers.map((layer) => [layer.layer, {
      synaptic: layer.synapticOperations,
      products: layer.multiplyAccumulates,
      updates: layer.potentialUpdates,
    }]));
    assertEquals(got, operations, what);
    assertEquals(counts!.total.spikes, spikes, what);
    assertEquals(counts!.samples, SAMPLES);
    for (const { synaptic, products, updates } of operations.values()) {
      seen.synaptic += synaptic;
      seen.products += products;
      seen.updates += updates;
    }
    if (seed > 2) continue;
    // Counting changes nothing else.
    const { counts: _, ...others } = await model.evaluate(data, { count: true });
    assertEquals(await model.evaluate(data), others, what);
    assertEquals(firing, others.firing);
  }
  assert(Object.values(seen).every((count) => count > 10_000), JSON.stringify(seen));
});

Deno.test("pixels' spikes are counted, where a network is one kernel and where it isn't", async () => {
  const gpu = await sharedGpu();
  // Pixels of 255 fire at each time step, those of 0 never.
  const data = new Dataset({
    ...PICTURES,
    content: {
      kind: "bytes",
      data: Uint8Array.from({ length: PICTURES.count * 12 }, (_, i) => i % 5 < 2 ? 255 : 0),
    },
  });
  const pixels = PICTURES.count * 12 * 2 / 5;
  for (const [timeSteps, hidden] of [[10, false], [10, true], [140, false]] as const) {
    const first = hidden ? [new Linear(12, 4), new CubaLifNode()] : [];
    const network = new Sequential([...first, new Linear(hidden ? 4 : 12, 3), new LifNode()]);
    const options = { input: [12], encoder: new PoissonEncoder(), timeSteps, batchSize: 16 };
    using model = await Model.compile(gpu, network, options);
    const { counts, firing } = await model.evaluate(data, { count: true });
    const { layers, total } = counts!;
    const outputs = hidden ? 4 : 3;
    assertEquals(layers.map(({ layer }) => layer), network.layers.map((_, i) => `layer.${i}`));
    assertEquals(layers[0]!.synapticOperations, pixels * timeSteps * outputs);
    assertEquals(layers[0]!.inputRate, 2 / 5);
    assertEquals(layers[0]!.multiplyAccumulates, 0);
    // A current-based neuron keeps two numbers.
    const neurons = hidden ? 2 * 4 + 3 : 3;
    assertEquals(total.potentialUpdates, PICTURES.count * timeSteps * neurons);
    const fired = firing.map(({ rates }) =>
      Math.round(rates.reduce((sum, rate) => sum + rate, 0) * PICTURES.count * timeSteps)
    );
    assertEquals(
      layers.filter(({ kind }) => kind.endsWith("Node")).map((each) => each.spikes),
      fired,
    );
    assertEquals(
      total.bytes,
      4 * (3 * total.synapticOperations + 3 * total.potentialUpdates + 2 * total.spikes),
    );
  }
});

Deno.test("neurons that fire at each time step are saturated", async () => {
  const gpu = await sharedGpu();
  using model = await Model.compile(gpu, new Sequential([new Linear(12, 3), new IfNode()]), {
    input: [12],
    encoder: new DirectEncoder(),
    timeSteps: 5,
  });
  const parameters = await model.parameters();
  (parameters.get("layer.0.weight")!.data as Float32Array).fill(0);
  (parameters.get("layer.0.bias")!.data as Float32Array).set([2, 0, 0.5]);
  model.load(parameters);
  const { firing: [neurons] } = await model.evaluate(PICTURES);
  assertEquals([neurons!.saturated, neurons!.silent], [1, 1]);
});

Deno.test("spikes that come back are counted, but for those of the last step, which nobody hears", async () => {
  const gpu = await sharedGpu();
  for (const timeSteps of [5, 33]) {
    const network = new Sequential([
      new Linear(12, 6),
      new Recurrent(new CubaLifNode()),
      new Linear(6, 3),
      new LifNode(),
    ]);
    const options = { input: [12], encoder: new DirectEncoder(), timeSteps, batchSize: 4 };
    using model = await Model.compile(gpu, network, options);
    const parameters = await model.parameters();
    (parameters.get("layer.0.bias")!.data as Float32Array).fill(0.6);
    model.load(parameters);
    let [heard, fired] = [0, 0];
    for (let sample = 0; sample < PICTURES.count; sample++) {
      const { layers } = await model.record(PICTURES.take([sample]));
      const { spikes } = layers.find(({ layer }) => layer === "layer.1")!;
      fired += spikes!.reduce((sum, spike) => sum + spike, 0);
      heard += spikes!.slice(0, 6 * (timeSteps - 1)).reduce((sum, spike) => sum + spike, 0);
    }
    assert(heard > 0 && fired > heard);
    const { counts } = await model.evaluate(PICTURES, { count: true });
    const of = (layer: string) => counts!.layers.find((each) => each.layer === layer)!;
    assertEquals(of("layer.1.recurrent").synapticOperations, 6 * heard);
    assertEquals(of("layer.1").spikes, fired);
    assertEquals(of("layer.1").potentialUpdates, PICTURES.count * timeSteps * 2 * 6);
    assertEquals(of("layer.2").synapticOperations, 3 * fired);
  }
});
