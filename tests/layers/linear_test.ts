import { assertEquals, assertRejects } from "@std/assert";
import { Linear } from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";
import { checkLinear } from "../support/linear_check.ts";
import { TestProgram } from "../support/test_program.ts";

for (const kind of ["spikes", "dense", "constant"] as const) {
  for (
    const [timeSteps, batch, inputs, outputs] of [
      [1, 1, 1, 1],
      [3, 5, 7, 3],
      [8, 9, 12, 10],
      [8, 3, 20, 12],
      [9, 130, 6, 4],
      [33, 2, 5, 11],
      [100, 4, 9, 5],
      [130, 3, 17, 13],
      [259, 2, 10, 6],
      [4, 2, 101, 97],
      [8, 67, 260, 72],
      [5, 67, 261, 71],
    ] as const
  ) {
    const bias = (timeSteps + batch) % 2 === 0;
    Deno.test(`a Linear layer equals float64: ${kind}, T ${timeSteps}, batch ${batch}, ${inputs} to ${outputs}`, async () => {
      const gpu = await sharedGpu();
      await checkLinear(gpu, { kind, timeSteps, batch, inputs, outputs, bias });
    });
  }
}

for (const learns of [true, false]) {
  Deno.test(`a spike counts its scale in a step that ${learns ? "learns" : "only classifies"}`, async () => {
    const gpu = await sharedGpu();
    const shape = { kind: "spikes", timeSteps: 10, batch: 6, inputs: 11, outputs: 7 } as const;
    await checkLinear(gpu, { ...shape, bias: true, scale: 1.25, learns });
  });
}

Deno.test("a Linear layer of many outputs keeps one copy of its gradient", async () => {
  const gpu = await sharedGpu();
  const layer = new Linear(800, 800);
  using program = new TestProgram(gpu, { timeSteps: 8, batchSize: 128, layer, input: [800] });
  await layer.compile(program.scope, {
    kind: "spikes",
    shape: [800],
    over: "time",
    spikes: program.scope.buffer(128 * 800 * 4, "spikes"),
    counts: program.scope.buffer(4, "counts"),
  });
  const { copies } = program.scope.parameter("weight");
  assertEquals(copies, gpu.preset.name === "software" ? 1 : copies);
});

Deno.test("a Linear layer refuses a gradient of another kind", async () => {
  const gpu = await sharedGpu();
  const layer = new Linear(1, 1);
  for (
    const [over, says, needed, given] of [
      ["time", "numbers over time", "time", "summed"],
      ["constant", "numbers that are the same at each time step", "summed", "constant"],
    ] as const
  ) {
    using program = new TestProgram(gpu, { timeSteps: 1, batchSize: 1, layer, input: [1] });
    const buffer = program.scope.buffer(16, "values");
    const compiled = await layer.compile(
      program.scope,
      { kind: "numbers", shape: [1], over, values: buffer },
    );
    await assertRejects(
      () => compiled.backward({ values: { over: given, buffer } }, false),
      TypeError,
      `Cannot compile the gradient of a Linear layer that reads ${says} as it must be ${needed}: ` +
        `it is ${given}`,
    );
  }
});
