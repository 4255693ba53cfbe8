import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { constants, deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { deflateEnd } from "../../src/formats/deflate_end.ts";
import { gunzip } from "../../src/formats/gunzip.ts";

const concat = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** Bytes of few and of many values, so that codes are of many lengths, and none. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.array(fc.constantFrom(0, 1, 7, 255), { maxLength: 40_000, size: "max" })
    .map((values) => Uint8Array.from(values)),
  fc.nat(200_000).map((length) => new Uint8Array(length)),
);
const anyOptions = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});

/** A member with all the parts that a header may have. */
function withWholeHeader(member: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode("digits\0of nobody\0");
  const header = new Uint8Array([0x1f, 0x8b, 8, 30, 0, 0, 0, 0, 0, 3, 3, 0, 0, 9, 0, ...text]);
  // The header's own sum is the lower half of its CRC-32, which a member of it tells.
  const sum = gzipSync(header).subarray(-8, -6);
  return concat(header, sum, member.subarray(10));
}

Deno.test("deflateEnd() finds the end, whatever follows", () => {
  fc.assert(
    fc.property(anyBytes, anyOptions, fc.nat(9), (bytes, options, before) => {
      const compressed = deflateRawSync(bytes, options);
      const end = before + compressed.length;
      const after = new Uint8Array(5).fill(255);
      assertEquals(deflateEnd(concat(new Uint8Array(before), compressed, after), before), end);
      assertEquals(deflateEnd(concat(new Uint8Array(before), compressed), before), end);
      const cut = concat(new Uint8Array(before), compressed).subarray(0, -1);
      assertEquals(deflateEnd(cut, before), undefined);
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("gunzip() reads several members, empty ones and zeros between and after", async () => {
  const members = fc.array(fc.tuple(anyBytes, anyOptions, fc.boolean(), fc.nat(9)), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(members, async (members) => {
      const file = concat(...members.flatMap(([bytes, options, whole, zeros]) => {
        const member = gzipSync(bytes, options);
        return [whole ? withWholeHeader(member) : member, new Uint8Array(zeros)];
      }));
      const expected = concat(...members.map(([bytes]) => bytes));
      assertEquals(await gunzip(file, expected.length), expected);
    }),
    { seed: 2, numRuns: 100 },
  );
});

Deno.test("gunzip() stops soon after its limit", async () => {
  const bomb = gzipSync(new Uint8Array(2 ** 26));
  const start = gzipSync(new Uint8Array(3));
  const { length } = await gunzip(concat(start, bomb, bomb), 10);
  assert(length > 10 && length < 2 ** 25, `${length} bytes`);
});

Deno.test("gunzip() refuses damaged and incomplete members, and what is none", async () => {
  const first = gzipSync(new Uint8Array([1, 2, 3]));
  const second = gzipSync(new Uint8Array(300));
  const flip = (at: number) => second.map((byte, index) => index === at ? byte ^ 1 : byte);
  const flawed: [string, Uint8Array][] = [
    ["sum", flip(second.length - 8)],
    ["length", flip(second.length - 1)],
    ["data", flip(12)],
    ["magic", flip(0)],
    ["method", flip(2)],
    ["junk", new Uint8Array([0, 0, 7])],
    ["half a magic", new Uint8Array([0x1f])],
    ...Array.from(
      { length: second.length - 1 },
      (_, i): [string, Uint8Array] => [`cut at ${i + 1}`, second.subarray(0, i + 1)],
    ),
  ];
  for (const [what, end] of flawed) {
    const file = concat(first, end);
    await assertRejects(() => gunzip(file, 1000), TypeError, undefined, what);
  }
  assertEquals(
    await gunzip(concat(first, second), 1000),
    concat(gunzipSync(first), gunzipSync(second)),
  );
});
