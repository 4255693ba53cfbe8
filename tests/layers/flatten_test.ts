import { assertEquals, assertThrows } from "@std/assert";
import { Flatten } from "../../mod.ts";
import { type Gradient, layerFromJson, type Signal } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";
import { TestProgram } from "../support/test_program.ts";

Deno.test("Flatten passes any signal and its gradient through", async () => {
  const gpu = await sharedGpu();
  using program = new TestProgram(gpu, { batchSize: 2, timeSteps: 3 });
  const layer = new Flatten();
  assertEquals(layer.outputShape([1, 2, 2]), [4]);
  assertEquals(layer.outputShape([4]), [4]);
  const values = program.scope.buffer(32, "values");
  const texture = program.scope.texture(8, "events");
  const gradient: Gradient = { values: { over: "constant", buffer: values } };
  const shape = [1, 2, 2];
  const signals: Signal[] = [
    { kind: "bytes", shape, origin: shape, over: "constant" },
    { kind: "numbers", shape, over: "constant", values },
    { kind: "numbers", shape, over: "time", values },
    { kind: "spikes", shape, over: "time", spikes: values, counts: values, scale: 2 },
    { kind: "events", shape, over: "time", capacity: 4, entries: texture, spikes: texture },
  ];
  for (const input of signals) {
    const compiled = await layer.compile(program.scope, input);
    const { shape, ...others } = compiled.output;
    const { shape: _, ...wanted } = input;
    assertEquals(shape, [4]);
    for (const [name, value] of Object.entries(wanted)) {
      assertEquals(others[name as keyof typeof others] === value, true, name);
    }
    assertEquals(Object.keys(others), Object.keys(wanted));
    assertEquals(await compiled.backward(gradient, true) === gradient, true);
    assertEquals(await compiled.backward(gradient, false), undefined);
  }
  assertEquals(program.count("forward") + program.count("backward"), 0);
});

Deno.test("Flatten keeps dimensions before startDim, also by JSON, and refuses one that isn't there", () => {
  const layer = new Flatten({ startDim: 2 });
  assertEquals(layer.outputShape([3, 4, 5]), [3, 20]);
  assertEquals(layer.outputShape([3, 4]), [3, 4]);
  for (const each of [layer, new Flatten()]) {
    assertEquals(layerFromJson(JSON.parse(JSON.stringify(each))), each);
  }
  assertEquals(new Flatten().toJSON(), { kind: "Flatten" });
  assertThrows(
    () => layer.outputShape([20]),
    RangeError,
    "samples of [20] have no dimension 2, counted from 1",
  );
  assertThrows(() => new Flatten({ startDim: 0 }), RangeError, "startDim must be");
});
