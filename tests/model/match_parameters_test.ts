import { assertEquals, assertThrows } from "@std/assert";
import {
  BatchNorm2d,
  Conv2d,
  Flatten,
  IfNode,
  Linear,
  matchParameters,
  ParametricLifNode,
  Sequential,
} from "../../mod.ts";
import { declaredTensors } from "../../src/model/declared_tensors.ts";

const tensor = (...shape: number[]) => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const stateDict = (shapes: Record<string, number[]>) =>
  new Map(Object.entries(shapes).map(([name, shape]) => [name, tensor(...shape)]));

const convolutional = new Sequential([
  new Conv2d(1, 4, { kernelSize: 3, padding: 1, bias: false }),
  new BatchNorm2d(4),
  new IfNode(),
  new Conv2d(4, 4, { kernelSize: 3, padding: 1, bias: false }),
  new BatchNorm2d(4),
  new ParametricLifNode(),
  new Flatten(),
  new Linear(64, 3),
]);

Deno.test("modules of any names are matched by what they hold, in their order", () => {
  const norm = (name: string) => ({
    [`${name}.weight`]: [4],
    [`${name}.bias`]: [4],
    [`${name}.running_mean`]: [4],
    [`${name}.running_var`]: [4],
    [`${name}.num_batches_tracked`]: [],
  });
  const { names, constants } = matchParameters(
    convolutional,
    [1, 4, 4],
    stateDict({
      ...norm("net.bn10"),
      ...norm("net.bn9"),
      "net.conv2.weight": [4, 4, 3, 3],
      "net.conv1.weight": [4, 1, 3, 3],
      "net.fc.bias": [3],
      "net.fc.weight": [3, 64],
      "plif.w": [],
      "plif.threshold": [],
    }),
    { constants: ["threshold"] },
  );
  const declared = [...declaredTensors(convolutional, [1, 4, 4]).keys()];
  assertEquals([...names.keys()].sort(), declared.sort());
  assertEquals(names.get("layer.1.running_var"), "net.bn9.running_var");
  assertEquals(names.get("layer.4.running_var"), "net.bn10.running_var");
  assertEquals(names.get("layer.3.weight"), "net.conv2.weight");
  assertEquals(names.get("layer.5.w"), "plif.w");
  assertEquals([...constants.keys()], ["plif.threshold"]);
});

Deno.test("names that are the network's own count, though an order of names would swap them", () => {
  const network = new Sequential([new Linear(3, 3), new Linear(3, 3)]);
  const own = stateDict({
    "layer.1.weight": [3, 3],
    "layer.1.bias": [3],
    "layer.0.weight": [3, 3],
    "layer.0.bias": [3],
  });
  const { names, parameters } = matchParameters(network, [3], own);
  for (const [name, from] of names) assertEquals(name, from);
  assertEquals(parameters.get("layer.1.weight"), own.get("layer.1.weight"));
});

Deno.test("a state dict of another network is refused with all that is missing or left", () => {
  const network = new Sequential([new Linear(4, 3), new Linear(3, 2, { bias: false })]);
  const shapes = { "a.weight": [3, 4], "a.bias": [3], "b.weight": [2, 3], "b.bias": [2] };
  assertThrows(
    () => matchParameters(network, [4], stateDict(shapes), { name: '"net.safetensors"' }),
    TypeError,
    'Cannot load "net.safetensors" as it has nothing for "layer.1.weight" [2, 3], and no layer takes ' +
      '"b.weight" [2, 3], "b.bias" [2]',
  );
  assertThrows(
    () => matchParameters(network, [4], stateDict({ ...shapes, "c.weight": [3, 4] })),
    TypeError,
    'no layer takes "b.weight" [2, 3], "b.bias" [2], "c.weight" [3, 4]',
  );
  assertThrows(() => matchParameters(network, [0], new Map()), RangeError, "input");
});

Deno.test("where names don't say which module comes first, an order does, or it is refused", () => {
  const network = new Sequential(
    Array.from({ length: 4 }, () => new Linear(3, 3, { bias: false })),
  );
  const names = ["embed.fc", "blocks.0.out", "blocks.0.fc", "blocks.10.fc"];
  const tensors = stateDict(Object.fromEntries(names.map((name) => [`${name}.weight`, [3, 3]])));
  const matched = (...order: string[]) => [
    ...matchParameters(network, [3], tensors, { order }).names.values(),
  ];
  assertEquals(
    matched("embed", "blocks", "fc", "out"),
    ["embed.fc", "blocks.0.fc", "blocks.0.out", "blocks.10.fc"].map((name) => `${name}.weight`),
  );
  assertEquals(
    matched("blocks", "embed", "out", "fc"),
    ["blocks.0.out", "blocks.0.fc", "blocks.10.fc", "embed.fc"].map((name) => `${name}.weight`),
  );
  assertThrows(
    () => matched("embed", "blocks"),
    TypeError,
    'Cannot load the state dict as "blocks.0.fc" and "blocks.0.out" have the same shapes, and their ' +
      "names don't say which of them comes first: the option order does, a list of parts of names in " +
      "the network's order",
  );
  assertThrows(() => matched("fc", "out"), TypeError, "don't say which of them comes first");

  const numbered = stateDict({ "conv.weight": [3, 3], "conv_out.weight": [3, 3] });
  const two = new Sequential([0, 1].map(() => new Linear(3, 3, { bias: false })));
  for (const order of [["conv", "conv_out"], ["conv_out", "conv"]]) {
    const { names } = matchParameters(two, [3], numbered, { order });
    assertEquals([...names.values()], order.map((name) => `${name}.weight`));
  }
});
