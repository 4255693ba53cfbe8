import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { FormatError } from "../../src/formats/mod.ts";
import { parseIdx, readIdx } from "../../src/datasets/mod.ts";
import { gzip, idxFile } from "./idx_file.ts";

/** Asserts that bytes are refused, with a message that is one line. */
function assertRefused(bytes: Uint8Array, message: string): void {
  const error = assertThrows(() => parseIdx(bytes, "file"), FormatError);
  assertEquals(error.message, message);
}

Deno.test("parseIdx() reads labels, pictures and any other rank", () => {
  for (const shape of [[3], [2, 5, 7], [2, 2, 2, 2], [1], [0], [0, 28, 28]]) {
    const bytes = idxFile(shape);
    const array = parseIdx(bytes, "file");
    assertEquals(array.shape, shape);
    assertEquals(array.data, bytes.slice(4 + 4 * shape.length));
  }
});

Deno.test("parseIdx() returns a view", () => {
  const bytes = idxFile([2, 3]);
  assertStrictEquals(parseIdx(bytes, "file").data.buffer, bytes.buffer);
});

Deno.test("parseIdx() reads a view on other bytes", () => {
  const bytes = new Uint8Array([9, 9, 9, ...idxFile([3], [5, 6, 7]), 9]);
  const array = parseIdx(bytes.subarray(3, -1), "file");
  assertEquals(array, { shape: [3], data: new Uint8Array([5, 6, 7]) });
});

Deno.test("parseIdx() refuses what is not IDX", () => {
  assertRefused(
    new TextEncoder().encode("<html></html>"),
    'Cannot read "file" as IDX as it starts with the bytes 3c 68 74 6d instead of 00 00 08 (at byte 0)',
  );
  assertRefused(
    new Uint8Array([0, 0, 7, 1, 0, 0, 0, 0]),
    'Cannot read "file" as IDX as it starts with the bytes 00 00 07 01 instead of 00 00 08 (at byte 0)',
  );
  assertRefused(
    new Uint8Array(),
    'Cannot read "file" as IDX as it has 0 bytes, fewer than any header (at byte 0)',
  );
  assertRefused(
    new Uint8Array(1),
    'Cannot read "file" as IDX as it has 1 byte, fewer than any header (at byte 1)',
  );
});

Deno.test("parseIdx() refuses other element types", () => {
  assertRefused(
    new Uint8Array([0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0]),
    'Cannot read "file" as IDX as its elements are 32-bit floats: only unsigned bytes are supported (at byte 2)',
  );
});

Deno.test("parseIdx() refuses a file of no dimensions", () => {
  assertRefused(
    new Uint8Array([0, 0, 8, 0, 1]),
    'Cannot read "file" as IDX as it has no dimensions (at byte 3)',
  );
});

Deno.test("parseIdx() refuses truncated files", () => {
  const bytes = idxFile([2, 2, 2]);
  assertRefused(
    bytes.subarray(0, 10),
    'Cannot read "file" as IDX as it is truncated: its header takes 16 bytes, but the file has 10 (at byte 10)',
  );
  assertRefused(
    bytes.subarray(0, -1),
    'Cannot read "file" as IDX as it is truncated: its header promises 2 x 2 x 2 = 8 bytes of data, but there are 7 (at byte 23)',
  );
});

Deno.test("parseIdx() refuses trailing bytes", () => {
  assertRefused(
    new Uint8Array([...idxFile([1]), 0, 0]),
    'Cannot read "file" as IDX as it has trailing bytes: its header promises 1 = 1 byte of data, but there are more (at byte 9)',
  );
  assertRefused(
    new Uint8Array([...idxFile([0, 0xffffffff], []), 1]),
    'Cannot read "file" as IDX as it has trailing bytes: its header promises 0 x 4294967295 = 0 bytes of data, but there are more (at byte 12)',
  );
});

Deno.test("parseIdx() believes no header that claims a huge size", () => {
  const sizes = [0xffffffff, 0xffffffff, 0xffffffff];
  assertRefused(
    idxFile(sizes, [1, 2, 3]),
    'Cannot read "file" as IDX as it is truncated: its header promises ' +
      "4294967295 x 4294967295 x 4294967295 = 79228162458924105385300197375 bytes of data, but there are 3 (at byte 19)",
  );
});

Deno.test("readIdx() reads plain and compressed files", async () => {
  const bytes = idxFile([2, 5, 7]);
  const expected = parseIdx(bytes, "file");
  const plain = await readIdx(bytes, "file");
  assertEquals(plain, expected);
  assertStrictEquals(plain.data.buffer, bytes.buffer);
  assertEquals(await readIdx(await gzip(bytes), "file"), expected);
});

Deno.test("readIdx() reads compressed files of several members", async () => {
  const bytes = idxFile([2, 5, 7]);
  const members = [[], bytes.subarray(0, 3), bytes.subarray(3, 40), bytes.subarray(40), []]
    .map((part) => gzip(Uint8Array.from(part)));
  const file = await new Blob([...await Promise.all(members), new Uint8Array(9)]).bytes();
  assertEquals(await readIdx(file, "file"), parseIdx(bytes, "file"));
});

Deno.test("readIdx() refuses damaged compressed files", async () => {
  const bytes = await gzip(idxFile([20, 5, 7]));
  const damaged = bytes.slice();
  damaged[damaged.length - 6]! ^= 0xff;
  for (const flawed of [bytes.subarray(0, 30), bytes.subarray(0, 2), damaged]) {
    const error = await assertRejects(
      () => readIdx(flawed, "file.gz"),
      FormatError,
    );
    assertEquals(
      error.message,
      'Cannot read "file.gz" as IDX as its gzip data is damaged or incomplete (at byte 0)',
    );
  }
});

Deno.test("readIdx() refuses compressed files that are not IDX", async () => {
  const bytes = await gzip(idxFile([4]).subarray(0, -1));
  await assertRejects(
    () => readIdx(bytes, "file.gz"),
    FormatError,
    'Cannot read "file.gz" as IDX as it is truncated',
  );
});

Deno.test("readIdx() refuses compressed files with trailing bytes", async () => {
  for (const length of [4, 5000]) {
    const bytes = await gzip(idxFile([3], new Uint8Array(length)));
    const error = await assertRejects(() => readIdx(bytes, "file.gz"), FormatError);
    assertEquals(
      error.message,
      'Cannot read "file.gz" as IDX as it has trailing bytes: ' +
        "its header promises 3 = 3 bytes of data, but there are more (at byte 11)",
    );
  }
});
