import { assert } from "@std/assert";
import fc from "fast-check";
import { FormatError } from "../../src/formats/mod.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How many damaged files are tried of each kind. */
const FILES = Number(Deno.env.get("GALVANI_DAMAGED") ?? 2000);

/** What a damaged or hostile header likes to say. */
const EXTREMES = [0x00, 0x7f, 0x80, 0xff];

function copyWith(bytes: Bytes, change: (copy: Bytes) => void): Bytes {
  const copy = bytes.slice();
  change(copy);
  return copy;
}

/** The file without its end. */
function truncated(bytes: Bytes): fc.Arbitrary<Bytes> {
  return fc.nat(bytes.length - 1).map((length) => bytes.slice(0, length));
}

/** The file with one to eight bits changed. */
function flipped(bytes: Bytes): fc.Arbitrary<Bytes> {
  return fc.array(fc.nat(8 * bytes.length - 1), { minLength: 1, maxLength: 8 })
    .map((bits) =>
      copyWith(bytes, (copy) => bits.forEach((bit) => copy[bit >> 3]! ^= 1 << (bit & 7)))
    );
}

/** The file with one to eight bytes in a row changed, which makes sizes huge. */
function overwritten(bytes: Bytes): fc.Arbitrary<Bytes> {
  const byte = fc.oneof(fc.constantFrom(...EXTREMES), fc.nat(255));
  return fc.tuple(fc.nat(bytes.length - 1), fc.array(byte, { minLength: 1, maxLength: 8 }))
    .map(([start, row]) =>
      copyWith(bytes, (copy) => copy.set(row.slice(0, bytes.length - start), start))
    );
}

/** The file with bytes put in or taken out somewhere. */
function shifted(bytes: Bytes): fc.Arbitrary<Bytes> {
  return fc.tuple(fc.nat(bytes.length), fc.nat(8), fc.uint8Array({ maxLength: 8 }))
    .map(([place, taken, put]) =>
      new Uint8Array([...bytes.subarray(0, place), ...put, ...bytes.subarray(place + taken)])
    );
}

/**
 * Files that are damaged: truncated, with bits, bytes or sizes changed, or any bytes at all.
 *
 * @param files Good files.
 * @returns The damaged ones.
 */
export function damaged(...files: Bytes[]): fc.Arbitrary<Bytes> {
  const random = fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes));
  return fc.constantFrom(...files).chain((bytes) =>
    fc.oneof(truncated(bytes), flipped(bytes), overwritten(bytes), shifted(bytes), random)
  );
}

/**
 * Asserts that a decoder takes any bytes, or refuses them with a {@linkcode FormatError} that names
 * the file and a byte in it, in one line.
 *
 * @param damaged The damaged bytes, of which 2,000 are tried, or as many as `GALVANI_DAMAGED` says.
 * @param decode The decoder; it gets a name for the file.
 * @param wrap Makes a file of the damaged bytes, such as one with right checksums. By default they
 * are the file.
 */
export async function assertSurvives(
  damaged: fc.Arbitrary<Bytes>,
  decode: (file: Bytes, name: string) => unknown,
  wrap: (bytes: Bytes) => Bytes | Promise<Bytes> = (bytes) => bytes,
): Promise<void> {
  let refused = 0;
  const property = fc.asyncProperty(damaged, async (bytes) => {
    const file = await wrap(bytes);
    try {
      await decode(file, "some.file");
    } catch (error) {
      refused++;
      if (!(error instanceof FormatError)) throw error;
      const { message, offset } = error;
      assert(/^Cannot read "some\.file" as [^\n]{1,600} \(at byte \d+\)$/.test(message), message);
      assert(offset >= 0 && offset <= file.length, `byte ${offset} of ${file.length}`);
    }
  });
  await fc.assert(property, { seed: 1, numRuns: FILES });
  assert(refused > FILES / 4, `only ${refused} of ${FILES} files were refused`);
}
