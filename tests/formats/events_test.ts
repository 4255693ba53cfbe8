import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  decodeEvents,
  encodeEvents,
  FormatError,
  histogramOf,
  type SummaryEvent,
} from "../../src/formats/mod.ts";
import { flawOf } from "../../src/formats/decode_options.ts";
import { loadEventType } from "../../src/formats/event_messages.ts";
import { readRecords, writeRecords } from "../../src/formats/event_records.ts";
import { assertSurvives, damaged } from "./damage.ts";

const EVENTS: SummaryEvent[] = [
  { kind: "text", tag: "options", step: 0, wallTime: 1e9, text: "**tau** is 2\n" },
  { kind: "scalar", tag: "loss", step: 1, wallTime: 1e9 + 1, value: 0.5 },
  {
    kind: "histogram",
    tag: "weights",
    step: 2,
    wallTime: 1e9 + 2,
    histogram: histogramOf([1, 2, 3]),
  },
];

const type = await loadEventType();
const VERSION = type.encode({ wallTime: 1, fileVersion: "brain.Event:2" }).finish();

async function assertRefused(bytes: Uint8Array, reason: string, offset: number): Promise<void> {
  const error = await assertRejects(() => decodeEvents(bytes, { name: "a" }), FormatError);
  assertEquals(error.message, `Cannot read "a" as events as ${reason} (at byte ${offset})`);
  assertEquals(error.offset, offset);
}

Deno.test("encodeEvents() writes what TensorBoard's own writer writes", async () => {
  const histogram = {
    min: 1,
    max: 1,
    count: 2,
    sum: 2,
    sumOfSquares: 2,
    bucketLimits: [1],
    buckets: [2],
  };
  const bytes = await encodeEvents([
    { kind: "scalar", tag: "loss", step: 3, wallTime: 2.5, value: 0.25 },
    { kind: "histogram", tag: "w", step: 4, wallTime: 3.5, histogram },
    { kind: "text", tag: "t", step: 5, wallTime: 3.5, text: "hi" },
  ]);
  const version =
    "1800000000000000a37f4b220900000000000004401a0d627261696e2e4576656e743a32b19bcaec";
  const scalar =
    "1a00000000000000129bd82d09000000000000044010032a0d0a0b0a046c6f7373150000803eb1006461";
  const histo = "5500000000000000d7df0fc1090000000000000c4010042a480a460a01772a41" +
    "09000000000000f03f11000000000000f03f190000000000000040210000000000000040" +
    "2900000000000000403208000000000000f03f3a080000000000000040dedf0a30";
  const text = "2800000000000000ff70164a090000000000000c4010052a1b0a190a01744208" +
    "08071200420268694a0a0a060a04746578742002fbd3629b";
  assertEquals(bytes.toHex(), version + scalar + histo + text);
});

Deno.test("encodeEvents() takes no events", async () => {
  assertEquals(await decodeEvents(await encodeEvents([])), []);
});

Deno.test("encodeEvents() refuses steps that aren't integers", async () => {
  const event = { kind: "scalar", tag: "loss", wallTime: 0, value: 0 } as const;
  for (const step of [0.5, NaN, 2 ** 53]) {
    await assertRejects(
      () => encodeEvents([{ ...event, step }]),
      RangeError,
      `Cannot encode "loss" as the step must be an integer: it is ${step}`,
    );
  }
});

Deno.test("decodeEvents() reads what encodeEvents() writes", async () => {
  const base = {
    tag: fc.string({ unit: "grapheme" }),
    step: fc.maxSafeInteger(),
    wallTime: fc.double({ noNaN: true }),
  };
  const values = fc.float32Array({ noNaN: true, noDefaultInfinity: true });
  const event: fc.Arbitrary<SummaryEvent> = fc.oneof(
    fc.record({ kind: fc.constant("scalar"), ...base, value: fc.float() }),
    fc.record({ kind: fc.constant("text"), ...base, text: fc.string({ unit: "grapheme" }) }),
    fc.record({ kind: fc.constant("histogram"), ...base, histogram: values.map(histogramOf) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event), async (events) => {
      assertEquals(await decodeEvents(await encodeEvents(events)), events);
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("decodeEvents() reads a file to which more was appended", async () => {
  const bytes = new Uint8Array([...await encodeEvents(EVENTS), ...await encodeEvents(EVENTS)]);
  assertEquals(await decodeEvents(bytes), [...EVENTS, ...EVENTS]);
});

Deno.test("decodeEvents() leaves out other events", async () => {
  const tensor = { dtype: 7, stringVal: [new Uint8Array([255])] };
  const bytes = await writeRecords([
    VERSION,
    type.encode({ wallTime: 1, step: 1, summary: { value: [{ tag: "a", tensor }] } }).finish(),
    // A graph_def.
    new Uint8Array([4 << 3 | 2, 1, 0]),
  ]);
  assertEquals(await decodeEvents(bytes), []);
});

Deno.test("decodeEvents() refuses flawed files", async () => {
  const bytes = await encodeEvents(EVENTS);
  const second = 12 + VERSION.length + 4;
  await assertRefused(
    new Uint8Array(),
    "its first record doesn't tell the version brain.Event:2",
    0,
  );
  await assertRefused(
    bytes.subarray(second),
    "its first record doesn't tell the version brain.Event:2",
    0,
  );
  await assertRefused(
    bytes.subarray(0, second + 5),
    "it ends within a record's head",
    second + 5,
  );
  await assertRefused(
    bytes.subarray(0, second + 20),
    "a record claims 55 bytes, but the file ends 8 bytes later",
    second,
  );
  for (
    const [place, reason] of [
      [second, "the checksum of a record's length is wrong"],
      [second + 12, "the checksum of a record is wrong"],
    ] as const
  ) {
    const damaged = bytes.slice();
    damaged[place]! ^= 1;
    await assertRefused(damaged, reason, second);
  }
  await assertRefused(
    await writeRecords([VERSION, new Uint8Array([0xff])]),
    "a record isn't an event",
    second,
  );
  const metadata = { pluginData: { pluginName: "text" } };
  const tensor = { stringVal: [new Uint8Array([0xff])] };
  const value = [{ tag: "t", metadata, tensor }];
  await assertRefused(
    await writeRecords([VERSION, type.encode({ summary: { value } }).finish()]),
    "a text isn't UTF-8",
    second,
  );
});

Deno.test("decodeEvents() believes no record that claims a huge size", async () => {
  const bytes = await encodeEvents(EVENTS);
  // The length 2^56 - 1 and its checksum.
  bytes.set(Uint8Array.fromHex("ffffffffffffff000cb5b0d3"));
  await assertRefused(
    bytes,
    `a record claims 72057594037927940 bytes, but the file ends ${bytes.length - 12} bytes later`,
    0,
  );
});

Deno.test("decodeEvents() survives damage", async () => {
  const bytes = await encodeEvents(EVENTS);
  await assertSurvives(damaged(bytes), (bytes, name) => decodeEvents(bytes, { name }));
});

Deno.test("decodeEvents() survives damage beneath right checksums", async () => {
  const records = await readRecords(await encodeEvents(EVENTS), flawOf("events", {}));
  await assertSurvives(
    damaged(...records.slice(1).map(({ data }) => new Uint8Array(data))),
    (bytes, name) => decodeEvents(bytes, { name }),
    (bytes) => writeRecords([VERSION, bytes]),
  );
});
