import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  DirectEncoder,
  Flatten,
  LifNode,
  Linear,
  Model,
  Sequential,
  ThresholdDependentBatchNorm1d,
  ThresholdDependentBatchNorm2d,
} from "../../mod.ts";
import { type Layer, layerFromJson } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readSafeTensors } from "../support/safetensors.ts";

const lif = () => new LifNode({ vThreshold: 0.5 });

/** A network with a norm of each dimension. */
const network = (planes: Layer, features: Layer) =>
  new Sequential([
    ...[new Conv2d(1, 3, { kernelSize: 3, bias: false }), planes, lif(), new Flatten()],
    ...[new Linear(12, 4, { bias: false }), features, lif()],
  ]);

const compile = async (planes: Layer, features: Layer) =>
  await Model.compile(await sharedGpu(), network(planes, features), {
    input: [1, 4, 4],
    encoder: new DirectEncoder(),
    timeSteps: 5,
    batchSize: 2,
  });

Deno.test("a threshold-dependent norm begins with SpikingJelly's weights", async () => {
  const file = readSafeTensors("tests/goldens/convolution/norm.safetensors");
  using model = await compile(
    new ThresholdDependentBatchNorm2d(3, { alpha: 0.5, vThreshold: 0.75 }),
    new ThresholdDependentBatchNorm1d(4, { vThreshold: 0.25 }),
  );
  const parameters = await model.parameters();
  for (const [layer, name] of [["1", "threshold-planes"], ["5", "threshold-features"]]) {
    for (const tensor of ["weight", "bias"]) {
      const { data } = parameters.get(`layer.${layer}.${tensor}`)!;
      assertEquals([...data], file.get(`${name}.${tensor}`));
    }
  }
});

Deno.test("a threshold-dependent norm runs as other norms do", async () => {
  using plain = await compile(new BatchNorm2d(3), new BatchNorm1d(4));
  using model = await compile(
    new ThresholdDependentBatchNorm2d(3),
    new ThresholdDependentBatchNorm1d(4),
  );
  const [expected, summary] = [await plain.summary(), await model.summary()];
  assertEquals(
    summary.rows.map(({ variant }) => variant),
    expected.rows.map(({ variant }) => variant),
  );
  assert(summary.rows.some(({ variant }) => variant?.startsWith("norm, neurons")));
});

Deno.test("a threshold-dependent norm is made again from JSON", () => {
  for (
    const layer of [
      new ThresholdDependentBatchNorm1d(3),
      new ThresholdDependentBatchNorm2d(5, {
        ...{ alpha: 0.7, vThreshold: 0.5, eps: 1e-3, momentum: 1 },
      }),
    ]
  ) {
    const again = layerFromJson(JSON.parse(JSON.stringify(layer)));
    assert(again.constructor === layer.constructor);
    assertEquals(again, layer);
  }
});

for (const name of ["alpha", "vThreshold"]) {
  for (const value of [0, -1, NaN, Infinity]) {
    const message = "Cannot create a ThresholdDependentBatchNorm1d layer as " +
      `${name} must be a finite number greater than 0: current value is ${value}`;
    Deno.test(message, () => {
      const create = () => new ThresholdDependentBatchNorm1d(2, { [name]: value });
      assertEquals(assertThrows(create, RangeError).message, message);
    });
  }
}

Deno.test("a threshold-dependent norm says what it can't take", () => {
  assertThrows(
    () => new ThresholdDependentBatchNorm2d(3).outputShape([4, 2, 2]),
    RangeError,
    "Cannot compile ThresholdDependentBatchNorm2d 3 as it takes samples of [3, height, width]: it " +
      "gets [4, 2, 2]",
  );
});
