import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { alarmsOf, DirectEncoder, LifNode, Linear, rateMse, Sequential } from "../../mod.ts";
import { Model, Sgd, Trainer } from "../../mod.ts";
import type { LayerFiring } from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";
import { last, startTraining } from "../support/training.ts";
import { CASES, PICTURES } from "../support/training_cases.ts";

function firing(silent: number, saturated: number): LayerFiring {
  return {
    layer: "layer.2",
    kind: "LifNode",
    rates: new Float32Array(100),
    meanRate: 0,
    silent,
    saturated,
  };
}

Deno.test("an alarm names the layer and the number", () => {
  assertEquals(alarmsOf({ firing: [firing(89, 0), firing(0, 89)] }), []);
  assertEquals(alarmsOf({ firing: [firing(100, 0), firing(0, 90)] }), [
    {
      kind: "silent",
      layer: "layer.2",
      value: 1,
      message: "layer.2 (LifNode) is silent: 100 % of its neurons never fired in the test",
    },
    {
      kind: "saturated",
      layer: "layer.2",
      value: 0.9,
      message: "layer.2 (LifNode) is saturated: 90 % of its neurons fired at each time step of " +
        "the test",
    },
  ]);
  const gradientNorms = new Map([["layer.0", 2e-9], ["layer.2", 1e-3], ["layer.4", 0.5]]);
  assertEquals(alarmsOf({ gradientNorms }), [{
    kind: "vanishing",
    layer: "layer.0",
    value: 2e-9,
    message:
      "the gradient of layer.0 has vanished: its norm is 2.0e-9, the largest of a layer 5.0e-1",
  }]);
  // All that a batch had to teach was learned.
  assertEquals(alarmsOf({ gradientNorms: new Map([["layer.0", 0]]) }), []);
});

Deno.test("an accuracy is at chance within three standard deviations", () => {
  const kinds = (trainAccuracy: number, samples: number) =>
    alarmsOf({ trainAccuracy, samples, classes: 10 }).map(({ kind }) => kind);
  // 0.1 + 3 sqrt(0.09 / 900) = 0.13
  assertEquals(kinds(0.1299, 900), ["chance"]);
  assertEquals(kinds(0.1301, 900), []);
  assertEquals(kinds(0.1299, 90_000), []);
  assertEquals(alarmsOf({ trainAccuracy: 0.5, samples: 100, classes: 1 }), []);
});

Deno.test("the norms of an epoch are those of its last step's gradients", async () => {
  const gpu = await sharedGpu();
  for (const { network, options } of CASES) {
    // With a learning rate of nearly nothing, the same batch has the same gradient afterwards.
    const still = { ...options, optimizer: new Sgd({ learningRate: 1e-30 }), batchSize: 50 };
    using training = await startTraining(gpu, network(), still);
    const { trainer } = training;
    const { gradientNorms } = await last(
      trainer.fit(PICTURES, { epochs: 1, gradientNorms: true }),
    );
    assert([...gradientNorms!.values()].every((norm) => norm > 0));
    const own = await last(trainer.fit(PICTURES, { epochs: 1 }));
    assertEquals(own.gradientNorms, undefined);
    if (
      !(options.encoder instanceof DirectEncoder) || JSON.stringify(network()).includes("Dropout")
    ) {
      continue;
    }
    const squares = new Map<string, number>();
    for (const [name, { data }] of await trainer.gradients(PICTURES)) {
      const layer = name.slice(0, name.lastIndexOf("."));
      const sum = (data as Float32Array).reduce((sum, g) => sum + g * g, squares.get(layer) ?? 0);
      squares.set(layer, sum);
    }
    assertEquals([...gradientNorms!.keys()], [...squares.keys()]);
    for (const [layer, norm] of gradientNorms!) {
      const want = Math.sqrt(squares.get(layer)!);
      assertAlmostEquals(norm, want, 1e-4 * want);
    }
  }
});

Deno.test("a network that can't fire raises alarms of each kind", async () => {
  const gpu = await sharedGpu();
  const neurons = () => new LifNode({ vThreshold: 1e6 });
  const layers = [new Linear(12, 7), neurons(), new Linear(7, 3), neurons()];
  using model = await Model.compile(gpu, new Sequential(layers), {
    input: [12],
    encoder: new DirectEncoder(),
    timeSteps: 5,
    batchSize: 10,
  });
  using trainer = new Trainer(model, {
    loss: rateMse(),
    optimizer: new Sgd({ learningRate: 0.1 }),
  });
  const report = await last(
    trainer.fit(PICTURES, { epochs: 1, test: PICTURES, gradientNorms: true }),
  );
  const alarms = alarmsOf({
    firing: report.test!.firing,
    gradientNorms: report.gradientNorms!,
    trainAccuracy: report.trainAccuracy,
    samples: PICTURES.count,
    classes: PICTURES.classes,
  });
  const kinds = alarms.map(({ kind, layer }) => `${kind} ${layer}`);
  assertEquals(kinds.slice(0, 2), ["silent layer.1", "silent layer.3"]);
  assert(kinds.includes("vanishing layer.0"), kinds.join());
  assert(kinds.includes("chance undefined"), kinds.join());
});
