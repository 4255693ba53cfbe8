import { assertEquals, assertThrows } from "@std/assert";
import {
  CubaLifNode,
  DirectEncoder,
  IfNode,
  LifNode,
  LiNode,
  Model,
  ParametricLifNode,
  Recurrent,
  Sequential,
} from "../../mod.ts";
import { imageDataset } from "../../src/datasets/mod.ts";
import { layerFromJson } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";

const PICTURE = imageDataset(Uint8Array.of(0, 0), { shape: [2], labels: [0], classes: 2 });

const tensor = (values: number[], shape: number[]) => ({ data: Float32Array.from(values), shape });

Deno.test("neurons of a recurrent layer fire", () => {
  const what =
    "Cannot create a Recurrent layer as its neurons must be a layer of neurons that fire";
  for (const [neurons, kind] of [[new LiNode(), "LiNode"], [undefined, "undefined"]] as const) {
    assertThrows(
      () => new Recurrent(neurons as unknown as LifNode),
      TypeError,
      `${what}, such as new LifNode(): current value is ${kind}`,
    );
  }
});

Deno.test("a recurrent layer takes samples of one dimension", () => {
  assertThrows(
    () => new Recurrent(new LifNode()).outputShape([2, 3]),
    RangeError,
    "Cannot compile a Recurrent layer as it takes samples of one dimension: it gets [2, 3], " +
      "which Flatten would turn into that",
  );
});

Deno.test("a recurrent layer comes back from JSON", () => {
  for (const neurons of [new CubaLifNode({ tauSyn: { learned: 3 } }), new IfNode()]) {
    const layer = new Recurrent(neurons, { bias: false });
    assertEquals(layerFromJson(JSON.parse(JSON.stringify(layer))).toJSON(), layer.toJSON());
  }
});

Deno.test("potentials of a recurrent layer are those of its neurons", async () => {
  const gpu = await sharedGpu();
  for (const variants of ["auto", "plain"] as const) {
    using model = await Model.compile(gpu, new Sequential([new Recurrent(new IfNode())]), {
      input: [2],
      encoder: new DirectEncoder(),
      timeSteps: 5,
      variants,
    });
    model.load(
      new Map([
        ["layer.0.recurrent.weight", tensor([0, 0, 0.75, 0], [2, 2])],
        ["layer.0.recurrent.bias", tensor([1.5, -0.25], [2])],
      ]),
    );
    const recording = await model.record(PICTURE);
    // Neuron 0 fires always; neuron 1 hears 0.75 of it from the second step on.
    const [layer] = recording.layers;
    assertEquals([...layer!.spikes!], [1, 0, 1, 0, 1, 0, 1, 1, 1, 0]);
    assertEquals([...layer!.traces["v"]!], [0, -0.25, 0, 0.25, 0, 0.75, 0, 0, 0, 0.5]);
  }
});

Deno.test("a recurrent layer saves its weights as snnTorch's RLeaky, and what neurons learn", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([new Recurrent(new ParametricLifNode({ tau: 3 }))]);
  using model = await Model.compile(gpu, network, {
    input: [2],
    encoder: new DirectEncoder(),
    timeSteps: 4,
    batchSize: 1,
  });
  const tensors = await model.parameters();
  assertEquals(
    [...tensors].map(([name, { shape }]) => [name, shape]),
    [["layer.0.recurrent.weight", [2, 2]], ["layer.0.recurrent.bias", [2]], ["layer.0.w", []]],
  );
  // Neuron 0 fires always, and only neuron 1 hears it: weight[1][0].
  model.load(
    new Map([
      ["layer.0.recurrent.weight", tensor([0, 0, 9, 0], [2, 2])],
      ["layer.0.recurrent.bias", tensor([9, 0], [2])],
      ["layer.0.w", tensor([0], [])],
    ]),
  );
  const recording = await model.record(PICTURE);
  const [layer] = recording.layers;
  assertEquals([...layer!.spikes!], [1, 0, 1, 1, 1, 1, 1, 1]);
  // 4.5 at the charge; the reset takes it.
  assertEquals([...layer!.traces["v"]!], [0, 0, 0, 0, 0, 0, 0, 0]);
});
