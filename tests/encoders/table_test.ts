import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  DirectEncoder,
  encoders,
  EventEncoder,
  imageDataset,
  LatencyEncoder,
  PeriodicEncoder,
  WeightedPhaseEncoder,
} from "../../mod.ts";
import {
  type Encoder,
  type EventSignal,
  type LatencyKind,
  latencySpikeTime,
  Random,
  Source,
  weightedPhaseSpikes,
} from "../../src/extend.ts";
import { activeLists, type Lists, wholeLists } from "../../src/feeds/lists.ts";
import { readEvents } from "../support/event_reader.ts";
import { sharedGpu } from "../support/gpu.ts";
import { TestProgram } from "../support/test_program.ts";

const STEPS = [1, 3, 33, 101, 130, 259];

/** All pixel values, one feature each, and one feature more: it has no row of four for itself. */
const VALUES = Uint8Array.from({ length: 257 }, (_, i) => i % 256);

/** Compares an encoder's spikes on the GPU with `spikes(value, feature, t)`. */
async function check(
  encoder: Encoder,
  timeSteps: number,
  spikes: (value: number, feature: number, t: number) => number,
): Promise<void> {
  const gpu = await sharedGpu();
  const features = VALUES.length;
  using program = new TestProgram(gpu, { batchSize: 3, timeSteps });
  const input = { shape: [features], content: "bytes" } as const;
  const signal = await encoder.compile(program.scope, input) as EventSignal;
  assertEquals(signal.shape, [features]);
  // The second image is shorter than the others, the third has no pixel: an empty place of the batch.
  const images = [VALUES, VALUES.toReversed().subarray(0, 5), new Uint8Array(0)];
  program.writePictures(signal.entries, images);
  program.run("forward");
  const got = await readEvents(program.scope, signal);
  images.forEach((image, sample) => {
    for (let i = 0; i < signal.capacity; i++) {
      const want = Uint8Array.from(
        { length: timeSteps },
        (_, t) => i < image.length ? spikes(image[i]!, i, t) : 0,
      );
      assertEquals(got[sample]![i], want, `sample ${sample}, entry ${i}`);
    }
  });
}

for (const timeSteps of STEPS) {
  for (const kind of ["linear", "log"] as const) {
    Deno.test(`latency coding on the device: ${kind}, T ${timeSteps}`, async () => {
      const times = Array.from(
        { length: 256 },
        (_, value) => latencySpikeTime(value / 255, timeSteps, kind),
      );
      await check(
        new LatencyEncoder({ kind }),
        timeSteps,
        (value, _, t) => Number(times[value] === t),
      );
    });
  }
  Deno.test(`weighted phase coding on the device: T ${timeSteps}`, async () => {
    for (const phases of [1, 7, 8]) {
      const digits = (value: number) => Math.floor(value * (2 ** phases - 1) / 255);
      await check(
        new WeightedPhaseEncoder({ phases }),
        timeSteps,
        (value, _, t) => digits(value) >>> phases - 1 - t % phases & 1,
      );
    }
  });
  Deno.test(`periodic coding on the device: T ${timeSteps}`, async () => {
    const random = new Random(timeSteps);
    const pattern = Array.from(
      { length: 5 },
      () => Array.from(VALUES, () => random.below(2)),
    );
    await check(new PeriodicEncoder(pattern), timeSteps, (_, i, t) => pattern[t % 5]![i]!);
  });
}

Deno.test("the latency of an intensity falls from T - 1 to 0", () => {
  for (const kind of ["linear", "log"] as const) {
    for (const timeSteps of [1, 2, 100, 710, 5000]) {
      assertEquals(latencySpikeTime(0, timeSteps, kind), timeSteps - 1);
      assertEquals(latencySpikeTime(1, timeSteps, kind), 0);
      let last = timeSteps - 1;
      for (let value = 0; value < 256; value++) {
        const time = latencySpikeTime(value / 255, timeSteps, kind);
        assertEquals(Number.isInteger(time) && time >= 0 && time <= last, true);
        last = time;
      }
    }
  }
});

Deno.test("the logarithmic latency is that of its formula", () => {
  for (const timeSteps of [2, 20, 130, 700]) {
    const alpha = Math.exp(timeSteps - 1) - 1;
    for (let value = 0; value < 256; value++) {
      const exact = timeSteps - 1 - Math.log(alpha * value / 255 + 1);
      const difference = Math.abs(latencySpikeTime(value / 255, timeSteps, "log") - exact);
      assertEquals(difference <= 0.5 + 1e-9, true, `${value}: ${difference}`);
    }
  }
});

Deno.test("eight phases of a pixel are the digits of its value", () => {
  for (const phases of [8, 32]) {
    for (let value = 0; value < 256; value++) {
      const spikes = weightedPhaseSpikes(value * (1 - 2 ** -phases) / 255, phases);
      // 2^32 - 1 is 255 * 0x01010101: the digits of the value, four times.
      const want = Array.from({ length: phases }, (_, t) => value >>> 7 - t % 8 & 1);
      assertEquals(spikes, want);
    }
  }
});

Deno.test("all pixels of an image are listed for those that spike at 0 too", () => {
  const dataset = imageDataset(Uint8Array.of(0, 255, 7, 1, 0, 0), { shape: [3] });
  const source = new Source(dataset);
  const [active, all] = [activeLists(source), wholeLists(source)];
  const list = ({ lengthOf, copy }: Lists, image: number) => {
    const target = new Uint32Array(lengthOf(image) + 1);
    copy(image, target, 1);
    return [...target];
  };
  assertEquals(list(active, 0), [0, (255 << 24 | 1) >>> 0, 7 << 24 | 2]);
  assertEquals(list(all, 0), [0, 0, (255 << 24 | 1) >>> 0, 7 << 24 | 2]);
  assertEquals(list(all, 1), [0, 1 << 24, 1, 2]);
  assertEquals([active.longest, all.longest], [2, 3]);
});

Deno.test("direct coding of bytes runs no kernel", async () => {
  const gpu = await sharedGpu();
  using program = new TestProgram(gpu, { batchSize: 2, timeSteps: 4 });
  const shape = [1, 3, 3];
  assertEquals(
    await new DirectEncoder().compile(program.scope, { shape, content: "bytes" }),
    { kind: "bytes", shape, origin: shape, over: "constant" },
  );
  assertEquals(program.count("forward"), 0);
});

Deno.test("encoders have defaults and are found by their names", () => {
  assertEquals(encoders.latency().kind, "linear");
  assertEquals(encoders.latency({ kind: "log" }).kind, "log");
  assertEquals(encoders.weightedPhase().phases, 8);
  assertEquals(encoders.weightedPhase({ phases: 3 }).phases, 3);
  assertEquals(encoders.direct() instanceof DirectEncoder, true);
  assertEquals(encoders.events() instanceof EventEncoder, true);
  assertEquals([
    encoders.events().stepDuration,
    encoders.events({ stepDuration: 2.5 }).stepDuration,
  ], [
    1,
    2.5,
  ]);
  for (const [name, create] of Object.entries(encoders)) assertEquals(create().name, name);
});

Deno.test("a pattern that doesn't fit the image is refused", async () => {
  const gpu = await sharedGpu();
  using program = new TestProgram(gpu, { batchSize: 1, timeSteps: 2 });
  const error = await assertRejects(
    () => new PeriodicEncoder([[1, 0]]).compile(program.scope, { shape: [3], content: "bytes" }),
    RangeError,
  );
  assertEquals(
    error.message,
    "Cannot compile a PeriodicEncoder as its pattern has 2 features: a sample has [3]",
  );
});

Deno.test("floats of as many time steps as the network runs are taken directly, others aren't", async () => {
  const gpu = await sharedGpu();
  using program = new TestProgram(gpu, { batchSize: 1, timeSteps: 2 });
  const input = { shape: [3], content: "floats" } as const;
  const compile = (timeSteps: number) =>
    new DirectEncoder().compile(program.scope, { ...input, timeSteps });
  const error = await assertRejects(() => compile(3), RangeError);
  assertEquals(
    error.message,
    "Cannot encode samples of 3 time steps directly as the network runs 2",
  );
  const { kind, over } = await compile(2);
  assertEquals([kind, over], ["numbers", "time"]);
});

for (
  const [create, type, message] of [
    [
      () => new LatencyEncoder({ kind: "square" as LatencyKind }),
      RangeError,
      'Cannot create a LatencyEncoder as kind must be "linear" or "log": current value is "square"',
    ],
    [
      () => new EventEncoder({ stepDuration: 0 }),
      RangeError,
      "Cannot create an EventEncoder as stepDuration must be a finite number greater than 0: current value is 0",
    ],
    [
      () => latencySpikeTime(1.25, 4),
      RangeError,
      "Cannot encode as latency as an intensity must be 0 to 1: current value is 1.25",
    ],
    [
      () => latencySpikeTime(1, 0),
      RangeError,
      "Cannot encode as latency as timeSteps must be an integer of at least 1: current value is 0",
    ],
    [
      () => new WeightedPhaseEncoder({ phases: 0 }),
      RangeError,
      "Cannot create a WeightedPhaseEncoder as phases must be an integer of at least 1: current value is 0",
    ],
    [
      () => new WeightedPhaseEncoder({ phases: 33 }),
      RangeError,
      "Cannot create a WeightedPhaseEncoder as phases must be 32 at most: current value is 33",
    ],
    [
      () => weightedPhaseSpikes(0.95, 4),
      RangeError,
      "Cannot encode as weighted phases as an intensity must be 0 to 1 - 2^-4: current value is 0.95",
    ],
    [
      () => new PeriodicEncoder([]),
      TypeError,
      "Cannot create a PeriodicEncoder as the pattern must have a time step and a feature at least",
    ],
    [
      () => new PeriodicEncoder([[]]),
      TypeError,
      "Cannot create a PeriodicEncoder as the pattern must have a time step and a feature at least",
    ],
    [
      () => new PeriodicEncoder([[0, 1], [1]]),
      TypeError,
      "Cannot create a PeriodicEncoder as all time steps must have 2 features: step 1 has 1",
    ],
    [
      () => new PeriodicEncoder([[0, 0.5]]),
      RangeError,
      "Cannot create a PeriodicEncoder as spikes must be 0 or 1: step 0 has 0.5",
    ],
  ] as const
) {
  Deno.test(`${message} (${type.name})`, () => {
    assertEquals(assertThrows(create, type).message, message);
  });
}
