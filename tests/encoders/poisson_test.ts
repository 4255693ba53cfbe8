import { assert, assertEquals } from "@std/assert";
import { type Gpu, PoissonEncoder } from "../../mod.ts";
import { poissonSpikes } from "../reference/oracle.ts";
import { assertClose } from "../support/close.ts";
import { readEvents } from "../support/event_reader.ts";
import { sharedGpu } from "../support/gpu.ts";
import { TestProgram } from "../support/test_program.ts";
import { goldens, type Statistics } from "./goldens.ts";

const { poisson, poisson_T: T, poisson_trials: M, poisson_sigmas: sigmas } = goldens;

/** What the statistics of a probability should be, and how far from that they may be. */
function known(p: number): { expected: Statistics; tolerance: Statistics } {
  const q = 1 - p;
  const variance = T * p * q;
  const fourth = variance * (1 + (3 * T - 6) * p * q);
  return {
    expected: { mean: T * p, variance, lag1: (T - 1) * p ** 2, pair: T * p ** 2 },
    tolerance: {
      mean: sigmas * Math.sqrt(variance / M),
      variance: sigmas * Math.sqrt((fourth - variance ** 2 * (M - 3) / (M - 1)) / M),
      lag1: sigmas * Math.sqrt(
        ((T - 1) * (p ** 2 - p ** 4) + 2 * (T - 2) * (p ** 3 - p ** 4)) / M,
      ),
      pair: sigmas * Math.sqrt(T * (p ** 2 - p ** 4) / (M / 2)),
    },
  };
}

/** The statistics of spikes [M][T]. */
function measure(spikes: Uint8Array[]): Statistics {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const inner = (a: Uint8Array, b: Uint8Array) => sum(Array.from(a, (s, t) => s * (b[t] ?? 0)));
  const counts = spikes.map((s) => sum([...s]));
  const mean = sum(counts) / M;
  return {
    mean,
    variance: sum(counts.map((count) => (count - mean) ** 2)) / (M - 1),
    lag1: sum(spikes.map((s) => inner(s, s.subarray(1)))) / M,
    pair: sum(spikes.map((s, i) => i % 2 === 0 ? inner(s, spikes[i + 1]!) : 0)) / (M / 2),
  };
}

/** Draws M neurons of one pixel value on the device; pairs are pixels, or samples, side by side. */
async function draw(gpu: Gpu, value: number, pairs: "pixels" | "samples"): Promise<Uint8Array[]> {
  const [batchSize, features] = pairs === "pixels" ? [4, M / 4] : [M / 4, 4];
  using program = new TestProgram(gpu, { batchSize, timeSteps: T });
  const input = { shape: [features], content: "bytes" } as const;
  const signal = await new PoissonEncoder().compile(program.scope, input);
  program.writePictures(
    signal.entries,
    Array.from({ length: batchSize }, () => new Uint8Array(features).fill(value)),
  );
  program.run("forward", { key: 0x12345678 });
  const events = await readEvents(program.scope, signal);
  return pairs === "pixels" ? events.flat() : Array.from(
    { length: M },
    (_, i) => events[i % batchSize]![Math.floor(i / batchSize)]!,
  );
}

Deno.test("the golden facts of Poisson coding are those of the formulas", () => {
  for (const { p, expected, tolerance } of poisson) {
    const want = known(p);
    for (const name of ["mean", "variance", "lag1", "pair"] as const) {
      assertClose([want.expected[name]], [expected[name]], { rtol: 1e-9, atol: 1e-9 });
      assertClose([want.tolerance[name]], [tolerance[name]], { rtol: 1e-6, atol: 1e-6 });
    }
  }
});

for (const { p } of poisson) {
  // Only 0, 0.8 and 1 are pixel values; the others are as near as one comes.
  const value = Math.round(p * 255);
  for (const pairs of ["pixels", "samples"] as const) {
    Deno.test(`Poisson coding has the golden statistics: p ${p}, pairs of ${pairs}`, async () => {
      const gpu = await sharedGpu();
      const got = measure(await draw(gpu, value, pairs));
      const { expected, tolerance } = known(value / 255);
      for (const name of ["mean", "variance", "lag1", "pair"] as const) {
        const difference = Math.abs(got[name] - expected[name]);
        assert(
          difference <= tolerance[name] + 1e-9,
          `${name} is ${got[name]}, it should be ${expected[name]} +- ${tolerance[name]}`,
        );
      }
    });
  }
}

Deno.test("Poisson coding draws what the oracle draws", async () => {
  const gpu = await sharedGpu();
  for (const timeSteps of [1, 3, 33, 101, 130]) {
    const [key, features] = [0xdeadbeef, 257];
    using program = new TestProgram(gpu, { batchSize: 2, timeSteps });
    const input = { shape: [features], content: "bytes" } as const;
    const signal = await new PoissonEncoder().compile(program.scope, input);
    const image = Uint8Array.from({ length: features }, (_, i) => i % 256);
    program.writePictures(signal.entries, [image, image.toReversed()]);
    program.run("forward", { key });
    const got = await readEvents(program.scope, signal);
    [image, image.toReversed()].forEach((values, sample) =>
      values.forEach((value, i) =>
        assertEquals(got[sample]![i], poissonSpikes(sample, i, features, value, key, timeSteps))
      )
    );
  }
});
