import { assertEquals, assertLess } from "@std/assert";
import {
  AvgPool2d,
  Conv2d,
  Dataset,
  DirectEncoder,
  eventDataset,
  EventEncoder,
  Flatten,
  IfNode,
  Linear,
  MaxPool2d,
  Model,
  Residual,
  Sequential,
} from "../../mod.ts";
import { type Layer, sizeOf } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";

/** What `tests/goldens/operations/make.py` writes: see there. */
interface Goldens {
  readonly T: number;
  readonly B: number;
  readonly networks: readonly Network[];
}

interface Network {
  readonly name: string;
  readonly kind: "spikes" | "values";
  readonly shape: number[];
  readonly layers: readonly Description[];
  readonly input: number[];
  readonly weights: Readonly<Record<string, number[]>>;
  readonly counts: Readonly<
    Record<string, { readonly synops: number; readonly macs: number; readonly sinabs: number }>
  >;
}

type Description = { readonly kind: string; readonly [option: string]: unknown };

const FILE = "tests/goldens/operations/operations.json";
const { T, B, networks }: Goldens = JSON.parse(Deno.readTextFileSync(FILE));

function layerOf(described: Description): Layer {
  const { kind, inChannels, outChannels, layers, ...options } = described;
  const number = (name: string) => options[name] as number;
  switch (kind) {
    case "Conv2d":
      return new Conv2d(inChannels as number, outChannels as number, {
        kernelSize: number("kernelSize"),
        ...options,
        bias: false,
      });
    case "Linear":
      return new Linear(number("inputs"), number("outputs"), { bias: false });
    case "MaxPool2d":
      return new MaxPool2d(number("kernelSize"));
    case "AvgPool2d":
      return new AvgPool2d(number("kernelSize"));
    case "Residual":
      return new Residual(new Sequential((layers as Description[]).map(layerOf)));
    case "Flatten":
      return new Flatten();
    default:
      return new IfNode();
  }
}

/** The input as a data set. */
function dataOf({ kind, shape, input }: Network): Dataset {
  const labels = Array.from({ length: B }, (_, i) => i);
  if (kind === "values") {
    const content = { kind: "floats" as const, data: Float32Array.from(input) };
    return new Dataset({ shape, content, labels, classes: 3 });
  }
  const size = sizeOf(shape);
  return eventDataset(
    labels.map((label) => {
      const places: number[] = [];
      const times: number[] = [];
      for (let t = 0; t < T; t++) {
        for (let place = 0; place < size; place++) {
          if (input[(t * B + label) * size + place] === 0) continue;
          places.push(place);
          times.push(t);
        }
      }
      return { places, times, label };
    }),
    { shape, classes: 3 },
  );
}

/** The counts of each layer with weights. */
async function countsOf(name: string) {
  const network = networks.find((each) => each.name === name)!;
  const gpu = await sharedGpu();
  using model = await Model.compile(gpu, new Sequential(network.layers.map(layerOf)), {
    input: network.shape,
    encoder: network.kind === "spikes" ? new EventEncoder() : new DirectEncoder(),
    timeSteps: T,
    batchSize: B,
  });
  const parameters = await model.parameters();
  for (const [path, eighths] of Object.entries(network.weights)) {
    const { data } = parameters.get(`${path}.weight`)!;
    assertEquals(data.length, eighths.length);
    (data as Float32Array).set(eighths.map((eighth) => eighth / 8));
  }
  model.load(parameters);
  const { counts } = await model.evaluate(dataOf(network), { count: true });
  const layers = counts!.layers.filter(({ reads }) => reads);
  assertEquals(layers.map(({ layer }) => layer), Object.keys(network.counts));
  return layers.map((own) => ({ own, golden: network.counts[own.layer]! }));
}

Deno.test("a network of spikes has SpikingJelly's and sinabs' synaptic operations", async () => {
  for (const { own, golden } of await countsOf("spikes")) {
    assertEquals([own.synapticOperations, own.multiplyAccumulates], [golden.synops, golden.macs]);
    assertEquals(own.synapticOperations, golden.sinabs);
  }
});

Deno.test("spikes that a shortcut adds up stay spikes, as sinabs counts them", async () => {
  for (const { own, golden } of await countsOf("residual")) {
    assertEquals([own.synapticOperations, own.multiplyAccumulates], [golden.sinabs, 0]);
    // SpikingJelly takes what isn't 0 or 1 for values.
    if (own.layer === "layer.3") assertEquals(golden.synops, 0);
    else assertEquals(own.synapticOperations, golden.synops);
  }
});

Deno.test("values are multiplied as SpikingJelly counts them, once and without borders", async () => {
  const [first, padded, last] = await countsOf("values");
  // It multiplies the picture, which is always the same, at each time step.
  assertEquals(T * first!.own.multiplyAccumulates, first!.golden.macs);
  assertEquals(first!.own.synapticOperations, 0);
  // It multiplies the zeros around a picture, too: 9 of 9 taps at all 9 places, instead of 49 in all.
  assertEquals(padded!.own.multiplyAccumulates / 49, padded!.golden.macs / 81);
  assertLess(padded!.own.multiplyAccumulates, padded!.golden.macs);
  assertEquals(last!.own.synapticOperations, last!.golden.synops);
});
