import { assertEquals, assertThrows } from "@std/assert";
import { Dataset, eventDataset, imageDataset, ownLengths } from "../../src/datasets/mod.ts";

const RECORDINGS = eventDataset([
  { places: [0, 3, 1], times: [10, 2500, 700], label: 0 },
  { places: [], times: [], label: 1 },
  { places: [5], times: [9000], label: 1 },
  { places: [5], times: [999], label: 0 },
], { shape: [2, 3] });

const lengthsOf = ({ lengths = [] }: Dataset) => Array.from(lengths);

Deno.test("a recording's own length goes to its last event, from 1 to T", () => {
  const own = ownLengths(RECORDINGS, { timeSteps: 8, stepDuration: 1000 });
  assertEquals(lengthsOf(own), [3, 1, 8, 1]);
  assertEquals(own.content, RECORDINGS.content);
  assertEquals([own.labels, own.classes], [RECORDINGS.labels, 2]);
  assertEquals(lengthsOf(ownLengths(RECORDINGS, { timeSteps: 5000 })), [2501, 1, 5000, 1000]);
  const bare = ownLengths(eventDataset([{ places: [1], times: [4] }], { shape: [2] }), {
    timeSteps: 8,
  });
  assertEquals([lengthsOf(bare), bare.labels, bare.classes], [[5], undefined, 0]);
  assertThrows(
    () => ownLengths(imageDataset(new Uint8Array(4), { shape: [4] }), { timeSteps: 2 }),
    TypeError,
    "Cannot give recordings lengths of their own as the data set must be one of events: it is one of bytes",
  );
  assertThrows(() => ownLengths(RECORDINGS, { timeSteps: 0 }), RangeError, "timeSteps");
  assertThrows(
    () => ownLengths(RECORDINGS, { timeSteps: 2, stepDuration: 0 }),
    RangeError,
    "stepDuration",
  );
});

Deno.test("lengths follow their samples", () => {
  const own = new Dataset({ ...RECORDINGS, lengths: Uint8Array.of(3, 1, 8, 2) });
  assertEquals(lengthsOf(own.take([3, 0, 3])), [2, 3, 2]);
  assertEquals(lengthsOf(own.slice(1, 3)), [1, 8]);
  assertEquals(RECORDINGS.take([1]).lengths, undefined);
});

Deno.test("lengths are refused that can't be ones", () => {
  const make = (lengths: number[], timeSteps?: number) => () =>
    new Dataset({
      shape: [2],
      content: {
        kind: "floats",
        data: new Float32Array(12),
        ...timeSteps === undefined ? {} : { timeSteps },
      },
      lengths,
    });
  const refused: [() => Dataset, string][] = [
    [make([1, 2]), "as lengths must be [count], 6 numbers of time steps: it has 2"],
    [make([1, 0], 3), "as lengths must be integers from 1 to T, 3: that of sample 1 is 0"],
    [make([4, 1], 3), "as lengths must be integers from 1 to T, 3: that of sample 0 is 4"],
    [
      make([1, 2, 3, 0.5, 1, 1]),
      "as lengths must be integers of at least 1: that of sample 3 is 0.5",
    ],
  ];
  for (const [made, reason] of refused) {
    assertThrows(made, RangeError, `Cannot make a data set ${reason}`);
  }
  assertEquals(lengthsOf(make([3, 1], 3)()), [3, 1]);
});
