import { assert, assertEquals, assertThrows } from "@std/assert";
import { Dataset, eventDataset, imageDataset } from "../../mod.ts";
import type { DatasetInit } from "../../src/datasets/dataset.ts";

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i);
const floats = (length: number) => Float32Array.from({ length }, (_, i) => i / 2);

Deno.test("a data set counts its samples by their shape", () => {
  const pictures = imageDataset(bytes(24), { shape: [2, 2, 3], labels: [1, 0] });
  assertEquals([pictures.count, pictures.classes, pictures.shape], [2, 2, [2, 2, 3]]);
  const wide = new Dataset({ shape: [4], content: { kind: "floats", data: floats(24) } });
  assertEquals([wide.count, wide.classes, wide.labels], [6, 0, undefined]);
  const long = new Dataset({
    shape: [4],
    content: { kind: "floats", data: floats(24), timeSteps: 3 },
    labels: [4, 0],
    classes: 7,
  });
  assertEquals([long.count, long.classes], [2, 7]);
  const recordings = eventDataset([{ places: [5, 0], times: [3, 1] }, { places: [], times: [] }], {
    shape: [2, 3],
  });
  assertEquals([recordings.count, recordings.classes, recordings.labels], [2, 0, undefined]);
  const { content } = recordings;
  assert(content.kind === "events");
  assertEquals([...Array.from(content.offsets)], [0, 2, 2]);
  assertEquals([Array.from(content.places), Array.from(content.times)], [[5, 0], [3, 1]]);
});

Deno.test("take() copies samples in the order that is asked for", () => {
  const pictures = imageDataset(bytes(12), { shape: [3], labels: [0, 1, 2, 1], classes: 5 });
  const taken = pictures.take([3, 0, 3]);
  assert(taken.content.kind === "bytes" && pictures.content.kind === "bytes");
  assertEquals([...taken.content.data], [9, 10, 11, 0, 1, 2, 9, 10, 11]);
  assertEquals([Array.from(taken.labels!), taken.classes, taken.count], [[1, 0, 1], 5, 3]);
  pictures.content.data[0] = 77;
  assertEquals(taken.content.data[3], 0);

  const long = new Dataset({
    shape: [2],
    content: { kind: "floats", data: floats(12), timeSteps: 3 },
  }).take(Uint8Array.of(1));
  assert(long.content.kind === "floats");
  assertEquals([...long.content.data], [3, 3.5, 4, 4.5, 5, 5.5]);
  assertEquals([long.content.timeSteps, long.labels, long.classes], [3, undefined, 0]);

  const recordings = eventDataset([
    { places: [1, 2], times: [0, 4], label: 0 },
    { places: [], times: [], label: 2 },
    { places: [3], times: [9], label: 1 },
  ], { shape: [4] });
  const some = recordings.take([2, 1, 0, 2]);
  assert(some.content.kind === "events");
  assertEquals(Array.from(some.content.offsets), [0, 1, 1, 3, 4]);
  assertEquals(Array.from(some.content.places), [3, 1, 2, 3]);
  assertEquals(Array.from(some.content.times), [9, 0, 4, 9]);
  assertEquals([Array.from(some.labels!), some.classes], [[1, 2, 0, 1], 3]);
});

Deno.test("slice() is a view of bytes and floats", () => {
  const pictures = imageDataset(bytes(12), { shape: [3], labels: Uint8Array.of(0, 1, 2, 1) });
  const middle = pictures.slice(1, 3);
  assert(middle.content.kind === "bytes" && pictures.content.kind === "bytes");
  assertEquals([...middle.content.data], [3, 4, 5, 6, 7, 8]);
  assertEquals([Array.from(middle.labels!), middle.classes], [[1, 2], 3]);
  pictures.content.data[3] = 99;
  assertEquals(middle.content.data[0], 99);
  assertEquals(pictures.slice(2).count, 2);
  assertEquals(pictures.slice().count, 4);

  const long = new Dataset({
    shape: [2],
    content: { kind: "floats", data: floats(12), timeSteps: 3 },
  }).slice(1);
  assert(long.content.kind === "floats");
  assertEquals([...long.content.data], [3, 3.5, 4, 4.5, 5, 5.5]);
  assertEquals(long.content.timeSteps, 3);

  const recordings = eventDataset([
    { places: [1, 2], times: [0, 4] },
    { places: [3], times: [9] },
  ], { shape: [4] }).slice(1, 2);
  assert(recordings.content.kind === "events");
  assertEquals(Array.from(recordings.content.offsets), [0, 1]);
  assertEquals(Array.from(recordings.content.places), [3]);
});

const WHAT = "Cannot make a data set as";
const events = { kind: "events", offsets: [0, 2, 3], places: [0, 3, 1], times: [0, 1, 2] } as const;
const content = { kind: "bytes", data: bytes(6) } as const;

/** What doesn't fit together, and what the message says of it. */
const WRONG: readonly (readonly [
  make: () => unknown,
  Class: typeof TypeError | typeof RangeError,
  message: string,
])[] = [
  ...[[], [0], [2, 1.5], [-1], [NaN]].map((shape) =>
    [
      () => new Dataset({ shape, content }),
      RangeError,
      `${WHAT} its shape must be a list of integers of at least 1: current value is ` +
      `[${shape.join(", ")}]`,
    ] as const
  ),
  [
    () => new Dataset({ shape: 3, content } as unknown as DatasetInit),
    RangeError,
    `${WHAT} its shape must be a list of integers of at least 1: current value is [3]`,
  ],
  [
    () => new Dataset({ shape: [3] } as unknown as DatasetInit),
    TypeError,
    `${WHAT} its content must be of bytes, floats or events: its kind is undefined`,
  ],
  [
    () => new Dataset({ shape: [3], content: { kind: "words" } } as unknown as DatasetInit),
    TypeError,
    `${WHAT} its content must be of bytes, floats or events: its kind is words`,
  ],
  [
    () => new Dataset({ shape: [3], content: { ...content, data: [1, 2, 3] as never } }),
    TypeError,
    `${WHAT} the data of bytes must be a Uint8Array`,
  ],
  [
    () => new Dataset({ shape: [3], content: { kind: "floats", data: bytes(3) as never } }),
    TypeError,
    `${WHAT} the data of floats must be a Float32Array`,
  ],
  [
    () => new Dataset({ shape: [4], content }),
    RangeError,
    `${WHAT} its data must be [count, ...shape], a multiple of 4 numbers and at least as many: it ` +
    `has 6`,
  ],
  [
    () => new Dataset({ shape: [4], content: { kind: "bytes", data: bytes(0) } }),
    RangeError,
    `${WHAT} its data must be [count, ...shape], a multiple of 4 numbers and at least as many: it ` +
    `has 0`,
  ],
  [
    () => new Dataset({ shape: [2], content: { kind: "floats", data: floats(8), timeSteps: 3 } }),
    RangeError,
    `${WHAT} its data must be [count, ...shape], a multiple of 6 numbers and at least as many: it ` +
    `has 8`,
  ],
  ...[0, 1.5, NaN].map((timeSteps) =>
    [
      () => new Dataset({ shape: [2], content: { kind: "floats", data: floats(8), timeSteps } }),
      RangeError,
      `${WHAT} its timeSteps must be an integer of at least 1: current value is ${timeSteps}`,
    ] as const
  ),
  [
    () => new Dataset({ shape: [3], content, labels: [0, 1, 0] }),
    RangeError,
    `${WHAT} labels must be [count], 2 numbers: it has 3`,
  ],
  [
    () => new Dataset({ shape: [3], content, labels: [0, 2], classes: 2 }),
    RangeError,
    `${WHAT} labels must be integers from 0 to 1, one less than its classes: that of sample 1 is 2`,
  ],
  [
    () => new Dataset({ shape: [3], content, labels: [0.5, 1] }),
    RangeError,
    `${WHAT} labels must be integers from 0 to 1, one less than its classes: that of sample 0 is 0.5`,
  ],
  [
    () => new Dataset({ shape: [4], content: { ...events, offsets: [0, 2] } }),
    RangeError,
    `${WHAT} the offsets of its events must be [count + 1] and go from 0 to their number, 3: there ` +
    `are 2, from 0 to 2`,
  ],
  [
    () => new Dataset({ shape: [4], content: { ...events, offsets: [0, 4, 2, 3] } }),
    RangeError,
    `${WHAT} the offsets of its events fall at sample 1`,
  ],
  [
    () => new Dataset({ shape: [4], content: { ...events, times: [0, 1] } }),
    RangeError,
    `${WHAT} each of 3 events must have a time: there are 2`,
  ],
  ...[4, -1, 0.5].map((place) =>
    [
      () => new Dataset({ shape: [4], content: { ...events, places: [0, place, 1] } }),
      RangeError,
      `${WHAT} places must be integers from 0 to 3: that of event 1 is ${place}`,
    ] as const
  ),
  ...[-1, NaN, Infinity].map((time) =>
    [
      () => new Dataset({ shape: [4], content: { ...events, times: [0, time, 1] } }),
      RangeError,
      `${WHAT} times must be finite and at least 0: that of event 1 is ${time}`,
    ] as const
  ),
  [
    () =>
      eventDataset([{ places: [0], times: [0], label: 1 }, { places: [], times: [] }], {
        shape: [2],
      }),
    TypeError,
    "Cannot make a data set of events as all recordings or none must have a label: 1 of 2 have one",
  ],
  [
    () => eventDataset([{ places: [0], times: [] }], { shape: [2] }),
    RangeError,
    "Cannot make a data set of events as each event must have a time: recording 0 has 1 places and " +
    "0 times",
  ],
  [
    () => eventDataset([{ places: [0, -1], times: [0, 1] }], { shape: [2] }),
    RangeError,
    "Cannot make a data set of events as places must be integers of at least 0: event 1 of " +
    "recording 0 has -1",
  ],
  [
    () => imageDataset(bytes(4), { shape: [2] }).take([2]),
    RangeError,
    "Cannot take sample 2 of a data set as there are 2, from 0",
  ],
  ...[[1, 1], [2, 1], [-1, 2], [0, 3], [0.5, 2]].map(([start, end]) =>
    [
      () => imageDataset(bytes(4), { shape: [2] }).slice(start, end),
      RangeError,
      `Cannot slice a data set of 2 samples from ${start} to ${end}`,
    ] as const
  ),
];

for (const [make, Class, message] of WRONG) {
  Deno.test(message, () => {
    assertEquals(assertThrows(make, Class).message, message);
  });
}
