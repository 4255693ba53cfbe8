import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Adam, Gpu, LifNode, rateMse, Simulation, Trainer } from "../../mod.ts";
import { DATASET, makeModel } from "./small_model.ts";

const KERNEL = {
  name: "test/none",
  texts: ["@compute @workgroup_size(1) fn main() { }"],
  values: {},
};

Deno.test("each call on a GPU that was disposed of says so", async () => {
  const gpu = await Gpu.request();
  const buffer = gpu.createBuffer(16, "numbers");
  const texture = gpu.createTexture(4, "texels");
  const calls: [string, () => unknown][] = [
    ["createBuffer", () => gpu.createBuffer(16, "numbers")],
    ["createTexture", () => gpu.createTexture(4, "texels")],
    ["write", () => gpu.write(buffer, new Float32Array(4))],
    ["writeTexture", () => gpu.writeTexture(texture, new Uint32Array(4))],
    ["submit", () => gpu.submit([])],
    ["check", () => gpu.check()],
    ["compile", () => gpu.compile(KERNEL)],
    ["read", () => gpu.read(buffer)],
    ["readBack", () => gpu.readBack(gpu.device.createCommandEncoder(), buffer, 16)],
  ];
  for (const [, call] of calls) await call();
  gpu.dispose();
  for (const [name, call] of calls) {
    // An async function, so that what throws at once is a rejection too.
    const error = await assertRejects(async () => await call(), TypeError, undefined, name);
    assertEquals(error.message, `Cannot use ${gpu.name} as it was disposed of`);
  }
  gpu.dispose();
});

Deno.test("a read that is on its way when the GPU is disposed of says so", async () => {
  const gpu = await Gpu.request();
  const reading = gpu.read(gpu.createBuffer(16, "numbers"));
  gpu.dispose();
  await assertRejects(() => reading, TypeError, "as it was disposed of");
});

Deno.test("a model, a trainer and a simulation on a GPU that was disposed of say so", async () => {
  const gpu = await Gpu.request();
  const options = { loss: rateMse(), optimizer: new Adam() };
  const [fresh, used] = [await makeModel(gpu), await makeModel(gpu)];
  const [freshTrainer, usedTrainer] = [new Trainer(fresh, options), new Trainer(used, options)];
  await used.evaluate(DATASET);
  using simulation = await Simulation.compile(gpu, new LifNode(), { timeSteps: 2, neurons: 3 });
  await simulation.forward(new Float32Array(6));
  gpu.dispose();
  const calls: (() => Promise<unknown>)[] = [
    () => fresh.evaluate(DATASET),
    () => freshTrainer.fit(DATASET, { epochs: 1 }).next(),
    () => used.evaluate(DATASET),
    () => usedTrainer.fit(DATASET, { epochs: 1 }).next(),
    () => used.record(DATASET.take([0])),
    () => used.predict(DATASET),
    () => used.summary(),
    () => simulation.forward(new Float32Array(6)),
    () => simulation.backward({ spikes: new Float32Array(6) }),
    () => Simulation.compile(gpu, new LifNode(), { timeSteps: 2, neurons: 3 }),
    () => makeModel(gpu),
  ];
  for (const call of calls) {
    const error = await assertRejects(call, TypeError);
    assertEquals(error.message, `Cannot use ${gpu.name} as it was disposed of`);
  }
});

Deno.test("what another GPU made is refused by name", async () => {
  using gpu = await Gpu.request();
  using other = await Gpu.request();
  const buffer = other.createBuffer(16, "numbers");
  const texture = other.createTexture(4, "texels");
  const message = (label: string) =>
    `Cannot use "${label}" on ${gpu.name} as it was made on another Gpu: ${other.name}`;
  assertThrows(() => gpu.write(buffer, new Float32Array(4)), TypeError, message("numbers"));
  assertThrows(() => gpu.writeTexture(texture, new Uint32Array(4)), TypeError, message("texels"));
  await assertRejects(() => gpu.read(buffer), TypeError, message("numbers"));
  // A buffer that no Gpu made isn't known: WebGPU checks it.
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const own = gpu.device.createBuffer({ size: 16, usage });
  gpu.write(own, Float32Array.of(1, 2, 3, 4));
  assertEquals(new Float32Array(await gpu.read(own)), Float32Array.of(1, 2, 3, 4));
});
