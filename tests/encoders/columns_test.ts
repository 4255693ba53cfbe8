import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import {
  ColumnEncoder,
  Dataset,
  encoders,
  type Gpu,
  IfNode,
  imageDataset,
  Linear,
  Model,
  Sequential,
} from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";

/** Neurons that only add up, one for each number of a column. */
async function sums(gpu: Gpu, shape: readonly number[], data: Dataset): Promise<number[][]> {
  const size = shape.slice(0, -1).reduce((a, b) => a * b);
  const network = new Sequential([
    new Linear(size, size, { bias: false }),
    new IfNode({ vThreshold: 1e9 }),
  ]);
  using model = await Model.compile(gpu, network, {
    input: shape,
    encoder: new ColumnEncoder(),
    timeSteps: shape.at(-1)!,
    batchSize: 2,
  });
  const identity = Float32Array.from(
    { length: size * size },
    (_, i) => Number(i % (size + 1) === 0),
  );
  model.load(new Map([["layer.0.weight", { shape: [size, size], data: identity }]]));
  using again = await Model.fromJson(gpu, model.toJSON());
  assertEquals(again.toJSON(), model.toJSON());
  const result: number[][] = [];
  for (let sample = 0; sample < data.count; sample++) {
    const { layers } = await model.record(data.take([sample]));
    result.push(Array.from(layers.at(-1)!.traces["v"]!));
  }
  return result;
}

for (const shape of [[1, 3, 4], [2, 3, 5], [3, 1], [2, 2, 33]]) {
  Deno.test(`the columns of samples ${shape.join(" x ")} come one after the other`, async () => {
    const gpu = await sharedGpu();
    const [count, length] = [3, shape.reduce((a, b) => a * b)];
    const bytes = Uint8Array.from({ length: count * length }, (_, i) => (i * 37) % 256);
    const floats = Float32Array.from(bytes, (byte) => byte / 255);
    const content = { kind: "floats", data: floats } as const;
    const [columns, size] = [shape.at(-1)!, length / shape.at(-1)!];
    for (const data of [imageDataset(bytes, { shape }), new Dataset({ shape, content })]) {
      const got = await sums(gpu, shape, data);
      for (let sample = 0; sample < count; sample++) {
        for (let place = 0; place < size; place++) {
          let sum = 0;
          for (let t = 0; t < columns; t++) {
            sum += floats[sample * length + place * columns + t]!;
            assertAlmostEquals(got[sample]![t * size + place]!, sum, 1e-5);
          }
        }
      }
    }
  });
}

Deno.test("pictures of another width than T are refused, and samples that have time steps", async () => {
  const gpu = await sharedGpu();
  const options = { input: [1, 2, 3], encoder: encoders.columns(), timeSteps: 4 };
  using model = await Model.compile(gpu, new Linear(2, 2), options);
  await assertRejects(
    () => model.predict(imageDataset(new Uint8Array(6), { shape: [1, 2, 3] })),
    RangeError,
    "they have 3 columns, but the network runs 4 time steps",
  );
  const content = { kind: "floats", data: new Float32Array(24), timeSteps: 4 } as const;
  await assertRejects(
    () => model.predict(new Dataset({ shape: [1, 2, 3], content })),
    RangeError,
    "they have 4 time steps of their own",
  );
});
