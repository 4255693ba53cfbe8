import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Gpu, GpuError } from "../../mod.ts";

Deno.test("submitReading() reads several buffers as one submit left them", async () => {
  using gpu = await Gpu.request();
  const [a, b] = [gpu.createBuffer(32, "a"), gpu.createBuffer(16, "b")];
  gpu.write(a, Uint32Array.of(1, 2, 3, 4));
  gpu.write(b, Uint8Array.of(5, 6, 7, 8, 9, 10, 11, 12));
  const read = gpu.submitReading(gpu.device.createCommandEncoder(), [
    { buffer: a, bytes: 12 },
    { buffer: b, bytes: 5 },
    { buffer: a, bytes: 32 },
    { buffer: b, bytes: 0 },
  ]);
  gpu.write(a, Uint32Array.of(20, 30));
  gpu.write(b, Uint32Array.of(40));
  gpu.device.queue.submit([]);
  const [three, five, whole, none] = await read();
  assertEquals(new Uint32Array(three!), Uint32Array.of(1, 2, 3));
  assertEquals(new Uint8Array(five!), Uint8Array.of(5, 6, 7, 8, 9));
  assertEquals(new Uint32Array(whole!), Uint32Array.of(1, 2, 3, 4, 0, 0, 0, 0));
  assertEquals(none!.byteLength, 0);
});

Deno.test("submitReading() of nothing submits the commands", async () => {
  using gpu = await Gpu.request();
  const [a, b] = [gpu.createBuffer(16, "a"), gpu.createBuffer(16, "b")];
  gpu.write(a, Uint32Array.of(1));
  const commands = gpu.device.createCommandEncoder();
  commands.copyBufferToBuffer(a, 0, b, 0, 16);
  assertEquals(await gpu.submitReading(commands, [])(), []);
  assertEquals(new Uint32Array(await gpu.read(b, 4)), Uint32Array.of(1));
});

Deno.test("readings that were submitted together are read in any order", async () => {
  using gpu = await Gpu.request();
  const buffer = gpu.createBuffer(16, "numbers");
  const readings = [];
  for (let i = 0; i < 8; i++) {
    gpu.write(buffer, Uint32Array.of(i));
    readings.push(
      gpu.submitReading(gpu.device.createCommandEncoder(), [{ buffer, bytes: 4 }]),
    );
  }
  const all = await Promise.all(readings.reverse().map((read) => read()));
  assertEquals(all.map(([bytes]) => new Uint32Array(bytes!)[0]), [7, 6, 5, 4, 3, 2, 1, 0]);
});

Deno.test("submitReading() names all that it can't read", async () => {
  using gpu = await Gpu.request();
  using other = await Gpu.request();
  const parts = ["a", "b"].map((label) => ({ buffer: gpu.createBuffer(16, label), bytes: 32 }));
  await assertRejects(
    () => gpu.submitReading(gpu.device.createCommandEncoder(), parts)(),
    GpuError,
    `Cannot read "a", "b" from ${gpu.name}: `,
  );
  const foreign = { buffer: other.createBuffer(16, "foreign"), bytes: 16 };
  assertThrows(
    () => gpu.submitReading(gpu.device.createCommandEncoder(), [...parts, foreign]),
    TypeError,
    `Cannot use "foreign" on ${gpu.name}`,
  );
  gpu.check();
});

Deno.test("a read takes what is mapped when the call returns, not when the promise comes", async () => {
  using gpu = await Gpu.request();
  const buffer = gpu.createBuffer(16, "numbers");
  gpu.write(buffer, Uint32Array.of(1, 2, 3, 4));
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = async function (...given) {
    await Promise.all([mapAsync.apply(this, given), new Promise(() => {})]);
  };
  try {
    assertEquals(new Uint32Array(await gpu.read(buffer)), Uint32Array.of(1, 2, 3, 4));
  } finally {
    GPUBuffer.prototype.mapAsync = mapAsync;
  }
});

Deno.test("a read waits for the promise where the buffer is mapped no earlier", async () => {
  using gpu = await Gpu.request();
  const buffer = gpu.createBuffer(16, "numbers");
  gpu.write(buffer, Uint32Array.of(1, 2, 3, 4));
  const { getMappedRange, mapAsync } = GPUBuffer.prototype;
  let mapped = false;
  GPUBuffer.prototype.mapAsync = async function (...given) {
    await mapAsync.apply(this, given);
    mapped = true;
  };
  GPUBuffer.prototype.getMappedRange = function (...given) {
    if (!mapped) throw new DOMException("The buffer is not mapped", "OperationError");
    return getMappedRange.apply(this, given);
  };
  try {
    assertEquals(new Uint32Array(await gpu.read(buffer)), Uint32Array.of(1, 2, 3, 4));
  } finally {
    Object.assign(GPUBuffer.prototype, { getMappedRange, mapAsync });
  }
});

Deno.test("a mailbox reads again and again, more or less, and after a refusal", async () => {
  using gpu = await Gpu.request();
  using mailbox = gpu.createMailbox();
  const buffer = gpu.createBuffer(64, "numbers");
  const read = async (bytes: number) => {
    const [copy] = await mailbox.submitReading(gpu.device.createCommandEncoder(), [
      { buffer, bytes },
    ])();
    return [...new Uint32Array(copy!)];
  };
  for (const [i, words] of [2, 16, 3, 3].entries()) {
    gpu.write(buffer, new Uint32Array(words).fill(i + 1));
    assertEquals(await read(4 * words), Array(words).fill(i + 1));
  }
  await assertRejects(() => read(128), GpuError, 'Cannot read "numbers" from ');
  assertEquals(await read(8), [4, 4]);
  // Beyond what is mapped beforehand.
  const large = gpu.createBuffer(1 << 25, "large");
  gpu.write(large, Uint32Array.of(7), (1 << 25) - 4);
  for (let i = 0; i < 2; i++) {
    const parts = [{ buffer: large, bytes: 1 << 25 }];
    const [copy] = await mailbox.submitReading(gpu.device.createCommandEncoder(), parts)();
    assertEquals(new Uint32Array(copy!).at(-1), 7);
  }
});
