import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  decodeSafetensors,
  encodeSafetensors,
  FormatError,
  type Tensor,
} from "../../src/formats/mod.ts";
import { anyTensor } from "./any_tensor.ts";
import { assertSurvives, damaged } from "./damage.ts";

/** The bytes of a file with a header of one's own. */
function file(header: unknown, data: ArrayLike<number> = []): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const size = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  return new Uint8Array([...size, ...text, ...Array.from(data)]);
}

const GOOD = encodeSafetensors(
  new Map<string, Tensor>([
    ["b", { shape: [3], data: new Uint8Array([1, 2, 3]) }],
    ["a", { shape: [1, 2], data: new Float32Array([1.5, -2]) }],
  ]),
  { k: "v" },
);

function assertRefused(bytes: Uint8Array, reason: string, offset: number): void {
  const error = assertThrows(() => decodeSafetensors(bytes, { name: "a" }), FormatError);
  assertEquals(error.message, `Cannot read "a" as safetensors as ${reason} (at byte ${offset})`);
  assertEquals(error.offset, offset);
}

Deno.test("encodeSafetensors() writes what safetensors for Python writes", () => {
  const header =
    '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},' +
    '"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}  ';
  assertEquals(GOOD, file(header, [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0, 1, 2, 3]));
});

Deno.test("encodeSafetensors() refuses what doesn't fit", () => {
  const tensor = { shape: [2], data: new Uint8Array(3) };
  assertThrows(
    () => encodeSafetensors(new Map([["w", tensor]])),
    TypeError,
    'Cannot encode "w" as safetensors as the shape [2] takes 2 elements: there are 3',
  );
  assertThrows(
    () => encodeSafetensors(new Map([["__metadata__", tensor]])),
    RangeError,
    "Cannot encode as safetensors as no tensor may be called __metadata__",
  );
});

Deno.test("decodeSafetensors() reads what encodeSafetensors() writes, wherever it lies", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 8 });
  const names = fc.oneof(name, fc.constantFrom("0", "1", "__proto__", "layer.1.weight"));
  const tensors = fc.array(fc.tuple(names, anyTensor()), { maxLength: 5 })
    .map((entries) => new Map(entries));
  fc.assert(
    fc.property(tensors, fc.dictionary(names, name), fc.nat(9), (tensors, metadata, offset) => {
      const encoded = encodeSafetensors(tensors, metadata);
      const bytes = new Uint8Array(offset + encoded.length);
      bytes.set(encoded, offset);
      const decoded = decodeSafetensors(bytes.subarray(offset));
      assertEquals(decoded.tensors, tensors);
      assertEquals(Object.entries(decoded.metadata).sort(), Object.entries(metadata).sort());
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("decodeSafetensors() takes tensors in the order of their data", () => {
  const bytes = file({
    b: { dtype: "U8", shape: [1], data_offsets: [2, 3] },
    a: { dtype: "I8", shape: [2], data_offsets: [0, 2] },
    none: { dtype: "F64", shape: [0, 7], data_offsets: [3, 3] },
  }, [255, 1, 7]);
  assertEquals([...decodeSafetensors(bytes).tensors], [
    ["a", { shape: [2], data: new Int8Array([-1, 1]) }],
    ["b", { shape: [1], data: new Uint8Array([7]) }],
    ["none", { shape: [0, 7], data: new Float64Array() }],
  ]);
});

Deno.test("decodeSafetensors() refuses flawed headers", () => {
  assertRefused(new Uint8Array(7), "it has 7 bytes, fewer than any header", 7);
  assertRefused(GOOD.subarray(0, 20), "its header claims 136 bytes, but 12 follow", 0);
  assertRefused(
    new Uint8Array(16).fill(255),
    "its header claims 18446744073709552000 bytes, but 8 follow",
    0,
  );
  assertRefused(file("{"), "its header isn't JSON", 8);
  assertRefused(file("[".repeat(100_000)), "its header isn't JSON", 8);
  assertRefused(file(`{"\\ud800`), "its header isn't JSON", 8);
  assertRefused(file("[]"), "its header isn't an object", 8);
  assertRefused(file({ __metadata__: { a: 1 } }), "its metadata aren't strings by their names", 8);
  const invalid = '"w" lacks a valid dtype, shape or data_offsets';
  for (
    const w of [
      null,
      [],
      { shape: [1], data_offsets: [0, 1] },
      { dtype: ["U8"], shape: [1], data_offsets: [0, 1] },
      { dtype: "U8", shape: [-1], data_offsets: [0, 1] },
      { dtype: "U8", shape: [1], data_offsets: [0, 1, 2] },
      { dtype: "U8", shape: [1], data_offsets: [0, 1e300] },
    ]
  ) {
    assertRefused(file({ w }, [1]), invalid, 8);
  }
  assertRefused(
    file({ w: { dtype: "BF16", shape: [1], data_offsets: [0, 2] } }, [1, 2]),
    '"w" is of the type "BF16": supported are F64, I64, U64, F32, I32, U32, I16, U16, I8, U8',
    8,
  );
});

Deno.test("decodeSafetensors() refuses data that doesn't fit its header", () => {
  const u8 = (start: number, end: number, shape = [end - start]) => ({
    dtype: "U8",
    shape,
    data_offsets: [start, end],
  });
  assertRefused(
    file({ w: u8(0, 3, [2, 2]) }, [1, 2, 3]),
    '"w" of the shape [2, 2] takes 4 bytes, but has those from 0 to 3',
    8,
  );
  assertRefused(
    GOOD.subarray(0, -1),
    'it is truncated: "b" ends at byte 11 of the data, which has 10',
    154,
  );
  assertRefused(
    new Uint8Array([...GOOD, 1]),
    "1 byte of its data belong to no tensor",
    155,
  );
  const header = { v: u8(0, 2), w: u8(1, 3) };
  assertRefused(
    file(header, [1, 2, 3]),
    '"w" starts at byte 1 of the data: the tensor before it ends at 2',
    8 + JSON.stringify(header).length + 2,
  );
});

Deno.test("decodeSafetensors() believes no header that claims a huge size", () => {
  const size = 10 ** 12;
  const header = { w: { dtype: "U8", shape: [size], data_offsets: [0, size] } };
  const bytes = file(header, [1]);
  assertRefused(
    bytes,
    'it is truncated: "w" ends at byte 1000000000000 of the data, which has 1',
    bytes.length,
  );
  assertThrows(
    () =>
      decodeSafetensors(
        file({ w: { ...header.w, shape: new Array(1000).fill(size) } }, [1]),
      ),
    FormatError,
    "takes Infinity bytes",
  );
});

Deno.test("decodeSafetensors() survives damage", async () => {
  const files = damaged(
    GOOD,
    file({ w: { dtype: "I16", shape: [1], data_offsets: [0, 2] } }, [1, 2]),
  );
  await assertSurvives(files, (bytes, name) => decodeSafetensors(bytes, { name }));
});
