import { assertEquals, assertRejects } from "@std/assert";
import { type RandomAccess, readShd } from "../../../src/datasets/mod.ts";
import { FormatError } from "../../../src/formats/mod.ts";
import { assertSurvives, damaged } from "../../formats/damage.ts";
import { decoded, golden } from "./goldens.ts";

const FILES = ["shd-f16.h5", "shd-f64.h5", "shd-odd.h5", "shd-tables.h5"];

/** A file that is read part by part. */
function onDisk(name: string): RandomAccess & { most: number } {
  const bytes = golden(name);
  return {
    length: bytes.length,
    most: 0,
    read(at, size) {
      this.most = Math.max(this.most, size);
      return bytes.slice(at, at + size);
    },
  };
}

const readAll = (file: Uint8Array | RandomAccess, name?: string) =>
  Array.fromAsync(readShd(file, name === undefined ? {} : { name }));

for (const name of FILES) {
  Deno.test(`readShd() reads ${name} as h5py and tonic do, in memory or on disk`, async () => {
    for (const file of [golden(name), onDisk(name)]) {
      const recordings = await readAll(file);
      const lengths = recordings.map(({ times }) => times.length);
      assertEquals(recordings.map(({ label }) => label), decoded(`${name}.labels`));
      assertEquals(lengths, decoded(`${name}.lengths`));
      assertEquals(recordings.flatMap(({ times }) => [...times]), decoded(`${name}.times`));
      assertEquals(recordings.flatMap(({ places }) => [...places]), decoded(`${name}.units`));
    }
  });
}

Deno.test("readShd() says how many spikes without a time it left out", async () => {
  const recordings = await readAll(golden("shd-odd.h5"));
  assertEquals(recordings.map(({ dropped }) => dropped), [1, 1, 0]);
});

Deno.test("readShd() reads no more of a file than it needs next", async () => {
  const file = onDisk("shd-f16.h5");
  const recordings = readShd(file);
  await recordings.next();
  await recordings.return(undefined);
  assertEquals(file.most <= 1 << 14, true, `${file.most} bytes at once`);
});

Deno.test("readShd() names the file and the byte of a flaw", async () => {
  const flaws: Record<string, RegExp> = {
    "bad-end.h5": /it is truncated: it should have 15148 bytes \(at byte 14248\)$/,
    "bad-flat.h5": /it holds no sequences \(at byte \d+\)$/,
    "bad-missing.h5": /it has no data set times \(at byte \d+\)$/,
    "bad-labels.h5": /it has 2 labels, times of 3 recordings and units of 3 \(at byte \d+\)$/,
    "bad-lengths.h5": /recording 1 has 20 times and 15 units \(at byte \d{4,}\)$/,
    "bad-unit.h5": /recording 1 has a spike of unit 700: there are 700 \(at byte \d{4,}\)$/,
    "bad-time.h5": /recording 0 has a spike at -0\.\d+ s \(at byte \d{4,}\)$/,
    "nmnist-plain.bin": /it doesn't start as HDF5 does \(at byte 0\)$/,
  };
  for (const [name, flaw] of Object.entries(flaws)) {
    for (const file of [golden(name), onDisk(name)]) {
      const { message } = await assertRejects(() => readAll(file, name), FormatError, name);
      assertEquals(flaw.test(message), true, message);
    }
  }
});

Deno.test("readShd() survives damage", async () => {
  const files = damaged(golden("shd-f16.h5"), golden("bad-labels.h5"), golden("shd-odd.h5"));
  await assertSurvives(files, readAll);
});
