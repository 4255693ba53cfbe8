import { assertEquals } from "@std/assert";
import { Flatten, Gpu, type SignalGradient } from "../../mod.ts";
import { TestCompilation } from "../support/compilation.ts";

Deno.test("Flatten passes any signal and its gradient through", async () => {
  using gpu = await Gpu.request();
  const compilation = new TestCompilation(gpu, { batchSize: 2, timeSteps: 3, features: 4 });
  const layer = new Flatten();
  assertEquals(layer.outputFeatures(4), 4);
  const values = gpu.createBuffer(32, "values");
  const gradient: SignalGradient = { kind: "constant", values };
  for (
    const input of [
      { kind: "pixels", features: 4 },
      { kind: "constant", features: 4, values },
      { kind: "dense", features: 4, values },
    ] as const
  ) {
    const compiled = await layer.compile(compilation, input);
    assertEquals(compiled.output === input, true);
    assertEquals(compiled.parameter, undefined);
    assertEquals(await compiled.backward(gradient, true) === gradient, true);
    assertEquals(await compiled.backward(gradient, false), undefined);
  }
  assertEquals(compilation.count("forward") + compilation.count("backward"), 0);
});
