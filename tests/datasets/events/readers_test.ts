import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type CameraEvents,
  collectEvents,
  type FileParts,
  parseGestureTrials,
  readAedat3,
  readAedat4,
  readNmnist,
} from "../../../src/datasets/mod.ts";
import { FormatError } from "../../../src/formats/mod.ts";
import { assertSurvives, damaged } from "../../formats/damage.ts";
import { assertDecoded, golden, inParts } from "./goldens.ts";

type Reader = (file: FileParts, options: { name?: string }) => AsyncIterable<CameraEvents>;

/** What each reader reads, and where the flaws of damaged files are. */
const READERS: Record<string, { read: Reader; files: string[]; bad: Record<string, RegExp> }> = {
  readNmnist: {
    read: readNmnist,
    files: ["plain", "overflow", "empty", "last-time"].map((name) => `nmnist-${name}.bin`),
    bad: {
      "bad-cut.bin": /ends within an event, which takes 5 bytes \(at byte 95\)$/,
      "bad-x.bin": /an event at x 34, y \d+ lies outside the sensor of 34 x 34 \(at byte 50\)$/,
      "bad-y.bin": /an event at x \d+, y 200 lies outside the sensor of 34 x 34 \(at byte 50\)$/,
      "bad-time.bin": /an event at 0 us comes after one at \d+ \(at byte 50\)$/,
    },
  },
  readAedat3: {
    read: readAedat3,
    files: ["", "-overflow", "-invalid", "-room", "-wide"].map((name) => `gesture${name}.aedat`),
    bad: {
      "bad-packet-cut.aedat": /packet at byte 95 is truncated: it takes 16 bytes, but there are 13/,
      "bad-header-cut.aedat": /packet's header is truncated: it takes 28 bytes, but there are 10/,
      "bad-no-end.aedat": /its header has no line #!END-HEADER \(at byte 81\)$/,
      "bad-version.aedat": /it doesn't start with #!AER-DAT3.1 \(at byte 0\)$/,
      "bad-capacity.aedat": /has 2 events and room for -5 \(at byte 111\)$/,
      "bad-size.aedat": /says an event takes 4 bytes \(at byte 99\)$/,
      "bad-place.aedat": /x 128, y 4 lies outside the sensor of 128 x 128 \(at byte 131\)$/,
    },
  },
  readAedat4: {
    read: readAedat4,
    files: ["none", "lz4", "lz4-high", "zstd", "zstd-high"].map((name) => `dv-${name}.aedat4`),
    bad: {
      "bad-end.aedat4": /the packet at byte \d+ is truncated|ends before its last packet/,
      "bad-version.aedat4": /it doesn't start with #!AER-DAT4.0 \(at byte 0\)$/,
      "bad-stream.aedat4": /packet at byte 1382 is of stream 9, which it lacks \(at byte 1382\)$/,
      "bad-lz4.aedat4": /the packet at byte 1382 is damaged: .* \(at byte 1382\)$/,
      "bad-zstd.aedat4": /the packet at byte 1382 is damaged: .* \(at byte 1382\)$/,
      "bad-count.aedat4": /damaged: a table says it has 268435455 elements, more than its bytes/,
    },
  },
};

for (const [name, { read, files, bad }] of Object.entries(READERS)) {
  Deno.test(`${name}() reads what other programs read, whole or in parts`, async () => {
    for (const file of files) {
      assertDecoded(await collectEvents(read(golden(file), {})), file);
      assertDecoded(await collectEvents(read(inParts(golden(file)), {})), file);
    }
  });

  Deno.test(`${name}() names the file and the byte of a flaw, whole or in parts`, async () => {
    for (const [file, flaw] of Object.entries(bad)) {
      for (const bytes of [golden(file), inParts(golden(file))]) {
        const error = await assertRejects(
          () => collectEvents(read(bytes, { name: file })),
          FormatError,
          `Cannot read "${file}" as `,
        );
        assertEquals(flaw.test(error.message), true, error.message);
      }
    }
  });

  Deno.test(`${name}() survives damage`, async () => {
    const small = files.map(golden).filter(({ length }) => length > 0 && length < 12_000);
    await assertSurvives(
      damaged(...small),
      (file, name) => collectEvents(read(file, { name })),
    );
  });
}

Deno.test("readAedat3() keeps invalid events where that is asked for", async () => {
  const events = await collectEvents(readAedat3(golden("gesture-invalid.aedat"), {
    keepInvalid: true,
  }));
  assertEquals(events.t.length, 60);
});

Deno.test("a reader that is left closes its file", async () => {
  const file = await Deno.open(new URL("../../goldens/events/gesture.aedat", import.meta.url));
  for await (const _ of readAedat3(file.readable)) break;
  // The file would be reported as left open otherwise.
});

Deno.test("parseGestureTrials() reads overlapping trials and any line end", () => {
  const trials = [
    { label: 0, start: 1_000_000, end: 1_500_000 },
    { label: 1, start: 1_600_000, end: 2_100_000 },
    { label: 10, start: 2_050_000, end: 2_600_000 },
    { label: 0, start: 2_650_000, end: 2_900_000 },
  ];
  const text = new TextDecoder().decode(golden("gesture_labels.csv"));
  assertEquals(parseGestureTrials(text), trials);
  assertEquals(parseGestureTrials(text.replaceAll("\r", "")), trials);
});

Deno.test("parseGestureTrials() names the line of a flaw", () => {
  const head = "class,startTime_usec,endTime_usec\n";
  const flaws: Record<string, RegExp> = {
    "class,start\n1,2\n": /first line isn't class,startTime_usec,endTime_usec \(at byte 0\)$/,
    [`${head}1,2,3\n12,2,3\n`]: /line 3 has the class 12: there are 1 to 11 \(at byte 40\)$/,
    [`${head}1,3,2\n`]: /line 2 has a trial that ends before it starts \(at byte 34\)$/,
    [`${head}1,a,2\n`]: /line 2 isn't three numbers \(at byte 34\)$/,
    [`${head}1,2\n`]: /line 2 isn't three numbers/,
  };
  for (const [text, flaw] of Object.entries(flaws)) {
    const { message } = assertThrows(
      () => parseGestureTrials(text, { name: "a.csv" }),
      FormatError,
    );
    assertEquals(flaw.test(message), true, message);
  }
});
