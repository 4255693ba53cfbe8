import { assert, assertEquals } from "@std/assert";
import { type Gpu, LatencyEncoder, PeriodicEncoder, PoissonEncoder } from "../../mod.ts";
import { type Encoder, type EventSignal, numbers, Random, stored } from "../../src/extend.ts";
import { poissonSpikes } from "../reference/oracle.ts";
import { valuesOf } from "../support/dense.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readCounts, readSpikes } from "../support/program_reader.ts";
import { TestProgram } from "../support/test_program.ts";

const [BATCH, SHAPE, SIZE] = [3, [2, 7], 14];
const KEY = 0xfeed;

/** Every T at which a word, a block of words or a quad of steps begins or ends, and some between. */
const STEPS = Array.from({ length: 259 }, (_, i) => i + 1).filter((T) =>
  T < 10 || T > 256 || [0, 1, 31].includes(T % 32) || T % 32 === 17
);

/** Pictures, about half of whose places are 0. */
function picturesOf(random: Random): Uint8Array[] {
  return Array.from(
    { length: BATCH },
    () => Uint8Array.from({ length: SIZE }, () => random.below(2) * random.below(256)),
  );
}

/** Stores an encoder's events, and their numbers; asserts that they are the spikes [T][batch * size]. */
async function check(
  gpu: Gpu,
  timeSteps: number,
  encoder: Encoder,
  pictures: readonly Uint8Array[],
  samples: number,
  spikes: (t: number, sample: number, place: number) => number,
): Promise<void> {
  using program = new TestProgram(gpu, { batchSize: BATCH, timeSteps });
  const { scope } = program;
  const signal = await encoder.compile(scope, { shape: SHAPE, content: "bytes" }) as EventSignal;
  const output = await stored(scope, signal);
  assert(output.kind === "spikes");
  assertEquals(output.shape, SHAPE);
  // Whoever asks again gets the same.
  const again = await stored(scope, { ...signal, shape: [SIZE] });
  assert(again.kind === "spikes");
  assertEquals(again.shape, [SIZE]);
  assert(again.spikes === output.spikes);
  const current = await numbers(scope, output);
  assert(await numbers(scope, current) === current);
  program.writePictures(signal.entries, pictures);
  // What was there before doesn't matter.
  gpu.write(output.spikes, new Uint32Array(output.spikes.size / 4).fill(0xffffffff));
  program.run("forward", { key: KEY, samples });
  const want = Array.from({ length: timeSteps * BATCH * SIZE }, (_, at) => {
    const t = Math.floor(at / (BATCH * SIZE));
    const sample = Math.floor(at / SIZE) % BATCH;
    return sample < samples ? spikes(t, sample, at % SIZE) : 0;
  });
  const what = `T ${timeSteps}, ${encoder.name}, ${samples} samples`;
  assertEquals(await readSpikes(gpu, scope, output), want, what);
  const counts = new Array<number>(BATCH * SIZE).fill(0);
  want.forEach((spike, at) => counts[at % counts.length]! += spike);
  assertEquals(await readCounts(gpu, scope, output), counts, what);
  const dense = new Float32Array(await gpu.read(current.values));
  assertEquals([...valuesOf(dense, timeSteps, BATCH * SIZE)], want, what);
}

for (const samples of [BATCH, BATCH - 1]) {
  Deno.test(`stored events are the spikes that encoders make, for T from 1 to 259: ${samples} samples`, async () => {
    const gpu = await sharedGpu();
    for (const timeSteps of STEPS) {
      const random = new Random(timeSteps);
      const pictures = picturesOf(random);
      const drawn = pictures.map((picture, sample) =>
        Array.from(
          picture,
          (value, place) => poissonSpikes(sample, place, SIZE, value, KEY, timeSteps),
        )
      );
      const spike = (t: number, sample: number, place: number) => drawn[sample]![place]![t]!;
      await check(gpu, timeSteps, new PoissonEncoder(), pictures, samples, spike);
    }
  });
}

Deno.test("stored events have the spikes of places whose value is 0", async () => {
  const gpu = await sharedGpu();
  for (const timeSteps of [1, 33, 130]) {
    const pictures = picturesOf(new Random(timeSteps));
    const random = new Random(1, timeSteps);
    const pattern = Array.from(
      { length: 5 },
      () => Array.from({ length: SIZE }, () => random.below(2)),
    );
    const spike = (t: number, _: number, place: number) => pattern[t % 5]![place]!;
    await check(gpu, timeSteps, new PeriodicEncoder(pattern), pictures, BATCH, spike);
    const zeros = pictures.map(() => new Uint8Array(SIZE));
    const last = (t: number) => Number(t === timeSteps - 1);
    await check(gpu, timeSteps, new LatencyEncoder(), zeros, BATCH, last);
  }
});

Deno.test("signals that are stored already stay as they are", async () => {
  const gpu = await sharedGpu();
  using program = new TestProgram(gpu, { batchSize: 1, timeSteps: 2 });
  const buffer = program.scope.buffer(16, "values");
  for (
    const signal of [
      { kind: "numbers", shape: [4], over: "constant", values: buffer },
      { kind: "numbers", shape: [4], over: "time", values: buffer },
      { kind: "spikes", shape: [4], over: "time", spikes: buffer, counts: buffer, scale: 2 },
    ] as const
  ) {
    assert(await stored(program.scope, signal) === signal);
  }
  assertEquals(program.count("forward"), 0);
});
