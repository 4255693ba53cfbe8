import { assertEquals } from "@std/assert";
import { Flatten } from "../../mod.ts";
import type { Gradient, Signal } from "../../src/extend.ts";
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
