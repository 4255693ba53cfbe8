import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  binEvents,
  type CameraEvents,
  centerCrop,
  cropTime,
  downsample,
  framesOf,
  mergePolarities,
  recordingOf,
  type SliceOptions,
  sliceTimes,
} from "../../../src/datasets/mod.ts";
import { assertDecoded, decoded, golden } from "./goldens.ts";

interface Cut {
  file: string;
  options: Record<string, number | string | boolean>;
  shape: [number, number, number, number];
  sums: number[];
  sha256: string;
}

const CUTS: Cut[] = JSON.parse(new TextDecoder().decode(golden("frames.json")));

function eventsOf(name: string): CameraEvents {
  const [x, y, t, p] = ["x", "y", "t", "p"].map((column) => decoded(`${name}.${column}`));
  return {
    x: Uint16Array.from(x!),
    y: Uint16Array.from(y!),
    t: Float64Array.from(t!),
    p: Uint8Array.from(p!),
  };
}

/** Options by our names, which are theirs in another spelling. */
const ours = (options: Cut["options"]) =>
  Object.fromEntries(
    Object.entries(options).map((
      [name, value],
    ) => [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), value]),
  ) as unknown as SliceOptions;

for (const { file, options, shape, sums, sha256 } of CUTS) {
  Deno.test(`framesOf() cuts ${file} as they do: ${JSON.stringify(options)}`, async () => {
    const recording = recordingOf(eventsOf(file), { shape: [2, shape[2], shape[3]] });
    const cut = { ...ours(options), shape: shape.slice(1) };
    const { timeSteps, data } = framesOf(recording, cut);
    assertEquals(timeSteps, shape[0]);
    const size = data.length / timeSteps;
    const own = sums.map(() => 0);
    // A loop, as a frame of a camera has many places and few events.
    for (let i = 0; i < data.length; i++) own[Math.floor(i / size)]! += data[i]!;
    assertEquals(own, sums);
    const bytes = new Uint8Array(Int32Array.from(data).buffer);
    assertEquals(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(), sha256);

    const { places, times } = binEvents(recording, cut);
    const counts = new Float32Array(data.length);
    for (let i = 0; i < places.length; i++) counts[times[i]! * size + places[i]!]!++;
    assertEquals(counts, data);
  });
}

Deno.test("events are cropped and brought to coarser grids as by tonic", () => {
  const events = eventsOf("nmnist-plain.bin");
  const sensorSize = [34, 34] as const;
  assertDecoded(centerCrop(events, { sensorSize, size: [28, 20] }), "crop-even");
  assertDecoded(centerCrop(events, { sensorSize, size: [17, 40] }), "crop-odd");
  assertDecoded(cropTime(events, { min: 1000, max: 150_000 }), "crop-time");
  assertDecoded(downsample(events, { spatialFactor: 0.5 }), "half");
  assertDecoded(downsample(events, { spatialFactor: [0.3, 0.7], timeFactor: 0.001 }), "uneven");
  assertDecoded(mergePolarities(events), "merged");
});

Deno.test("no event is lost where SpikingJelly loses none, whatever the times", () => {
  const times = fc.array(fc.nat(1000), { minLength: 1 }).map((times) =>
    times.sort((a, b) => a - b)
  );
  const ways = fc.oneof(
    fc.record({
      splitBy: fc.constantFrom("time" as const, "number" as const),
      framesNumber: fc.integer({ min: 1, max: 20 }),
    }),
    fc.record({ duration: fc.integer({ min: 1, max: 2000 }) }),
  );
  fc.assert(
    fc.property(times, ways, (times, way) => {
      const slices = sliceTimes(times, way);
      assertEquals(slices[0]!.start, 0);
      assertEquals(slices.at(-1)!.end, times.length);
      slices.slice(1).forEach(({ start }, k) => assertEquals(start, slices[k]!.end));
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("recordings without events have empty steps", () => {
  for (
    const way of [{ timeWindow: 5 }, { eventCount: 5 }, { nTimeBins: 1 }, { nEventBins: 1 }, {
      duration: 5,
    }, { splitBy: "time", framesNumber: 1 }] as const
  ) {
    const [slice, ...more] = sliceTimes([], way);
    assertEquals([slice, more], [{ start: 0, end: 0 }, []]);
  }
});

Deno.test("sliceTimes() refuses what makes no sense", () => {
  const slice = (options: unknown) => () => sliceTimes([1, 2], options as SliceOptions);
  assertThrows(slice({}), TypeError, "one of timeWindow, eventCount, nTimeBins");
  assertThrows(slice({ timeWindow: 3, eventCount: 2 }), TypeError, "must be given: there are 2");
  assertThrows(
    slice({ timeWindow: 3, overlap: 3 }),
    RangeError,
    "overlap must be less than a step",
  );
  assertThrows(slice({ nTimeBins: 3, overlap: 1 }), RangeError, "less than 1: it is 1");
  assertThrows(slice({ nEventBins: 0 }), RangeError, "nEventBins must be");
  assertThrows(slice({ timeWindow: 0 }), RangeError, "timeWindow must be");
  assertThrows(slice({ splitBy: "a", framesNumber: 2 }), TypeError, '"time" or "number"');
});

Deno.test("recordingOf() refuses events outside its shape", () => {
  const events = eventsOf("nmnist-plain.bin");
  assertThrows(() => recordingOf(events, { shape: [2, 30, 34] }), RangeError, "lies outside");
  assertThrows(() => recordingOf(events, { shape: [1, 34, 34] }), RangeError, "of polarity 1");
});
