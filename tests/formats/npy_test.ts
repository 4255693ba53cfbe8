import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeNpy, encodeNpy, FormatError } from "../../src/formats/mod.ts";
import { assertSurvives, damaged } from "./damage.ts";
import { anyTensor } from "./any_tensor.ts";

/** The bytes of a file with a header of one's own. */
function npyFile(
  header: string,
  data: ArrayLike<number> = [],
  version = 1,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const size = [text.length & 255, text.length >> 8, ...version === 1 ? [] : [0, 0]];
  const magic = [0x93, 78, 85, 77, 80, 89, version, 0];
  return new Uint8Array([...magic, ...size, ...text, ...Array.from(data)]);
}

function header(shape: string, descr = "|u1", order = "False"): string {
  return `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

function assertRefused(bytes: Uint8Array, reason: string, offset: number): void {
  const error = assertThrows(() => decodeNpy(bytes, { name: "a.npy" }), FormatError);
  assertEquals(error.message, `Cannot read "a.npy" as npy as ${reason} (at byte ${offset})`);
  assertEquals(error.offset, offset);
}

Deno.test("encodeNpy() writes what NumPy writes", () => {
  const file = (text: string, data: ArrayLike<number>) => npyFile(`${text.padEnd(117)}\n`, data);
  const floats = new Float32Array([0, 1, 2, 3, 4, 5]);
  assertEquals(
    encodeNpy(floats, [2, 3]),
    file(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
      new Uint8Array(floats.buffer),
    ),
  );
  assertEquals(
    encodeNpy(new Uint8Array([1, 2]), [2]),
    file("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", [1, 2]),
  );
  assertEquals(
    encodeNpy(new Float64Array([2.5]), []),
    file("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", [0, 0, 0, 0, 0, 0, 4, 64]),
  );
});

Deno.test("encodeNpy() refuses what doesn't fit", () => {
  const cases: [() => unknown, new () => Error, string][] = [
    [
      () => encodeNpy(new Uint8Array(5), [2, 3]),
      TypeError,
      "Cannot encode as npy as the shape [2, 3] takes 6 elements: there are 5",
    ],
    [
      () => encodeNpy([1, 2] as unknown as Uint8Array, [2]),
      TypeError,
      "Cannot encode as npy as the data must be one of Float64Array, BigInt64Array, " +
      "BigUint64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, " +
      "Int8Array, Uint8Array: it is Array",
    ],
    [
      () => encodeNpy(new Uint8Array(1), [-1, -1]),
      RangeError,
      "Cannot encode as npy as the shape must consist of integers of at least 0: it is [-1, -1]",
    ],
    [
      () => encodeNpy(new Uint8Array(1), new Array(65).fill(1)),
      RangeError,
      "Cannot encode as npy as there may be 64 dimensions: there are 65",
    ],
  ];
  for (const [encode, ErrorClass, message] of cases) {
    assertEquals(assertThrows(encode, ErrorClass).message, message);
  }
});

Deno.test("decodeNpy() reads what encodeNpy() writes, wherever it lies", () => {
  fc.assert(
    fc.property(anyTensor(), fc.nat(9), ({ shape, data }, offset) => {
      const file = encodeNpy(data, shape);
      const bytes = new Uint8Array(offset + file.length);
      bytes.set(file, offset);
      assertEquals(file.length % 64, data.byteLength % 64);
      assertEquals(decodeNpy(bytes.subarray(offset)), { shape, data });
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("decodeNpy() reads other programs' white space", () => {
  const bytes = npyFile("{'descr':'<u2','fortran_order':False,'shape':(2,1)}", [1, 0, 2, 1]);
  assertEquals(decodeNpy(bytes), { shape: [2, 1], data: new Uint16Array([1, 258]) });
});

Deno.test("decodeNpy() takes the order of vectors for C's", () => {
  const bytes = npyFile(header("(2,)", "|u1", "True"), [1, 2]);
  assertEquals(decodeNpy(bytes), { shape: [2], data: new Uint8Array([1, 2]) });
});

Deno.test("decodeNpy() refuses flawed files", () => {
  const good = encodeNpy(new Uint8Array([1, 2, 3]), [3]);
  assertRefused(good.subarray(1), 'it doesn\'t start with the byte 0x93 and "NUMPY"', 0);
  assertRefused(good.subarray(0, 9), "it ends after 9 bytes, within its header", 9);
  assertRefused(good.subarray(0, 20), "its header claims 118 bytes, but 10 follow", 8);
  assertRefused(
    good.subarray(0, -1),
    "its header promises [3] = 3 elements of 1 byte, but 2 bytes follow",
    128,
  );
  assertRefused(
    npyFile(header("(0, 9)"), [1]),
    "its header promises [0, 9] = 0 elements of 1 byte, but 1 byte follow",
    69,
  );
  assertRefused(
    npyFile("{'descr': '|u1'}"),
    "its header must name descr, fortran_order, shape and nothing else: it names descr",
    10,
  );
  for (const shape of ["(3)x", "(-3,)", "(3.0,)", "(1e3,)", `(${"1, ".repeat(65)})`, "(, )"]) {
    const reason = "its shape isn't a tuple of up to 64 integers";
    assertRefused(npyFile(header(shape), [1, 2, 3]), reason, 10);
  }
  assertRefused(
    npyFile(header("(2, 2)", "|u1", "True"), [1, 2, 3, 4]),
    "it is in Fortran's order: only C's is supported",
    10,
  );
  assertRefused(
    npyFile(header("(1,)", ">f4"), [1, 2, 3, 4]),
    'its elements are of the type ">f4": supported are ' +
      "<f8, <i8, <u8, <f4, <i4, <u4, <i2, <u2, |i1, |u1, |b1",
    10,
  );
  assertRefused(
    npyFile(header("(1,)", "").replace("''", "[('a', '<f4'), ('b', '<i4', (2,))]"), [1]),
    "its elements are of the type \"[('a', '<f4'), ('b',\": supported are " +
      "<f8, <i8, <u8, <f4, <i4, <u4, <i2, <u2, |i1, |u1, |b1",
    10,
  );
  assertRefused(
    npyFile(header("(1,)", "|u1", "1"), [1]),
    'its fortran_order must be True or False: it is "1"',
    10,
  );
  assertRefused(
    npyFile(header("(1,), 'more': 1"), [1]),
    "its header must name descr, fortran_order, shape and nothing else: " +
      "it names descr, fortran_order, shape, more",
    10,
  );
  assertRefused(
    npyFile(header("(1,)"), [1], 4),
    "it is of version 4.0: supported are 1.0, 2.0 and 3.0",
    6,
  );
  assertRefused(
    npyFile("{}", [], 2).subarray(0, 11),
    "it ends after 11 bytes, within its header",
    11,
  );
  assertRefused(
    npyFile("{}", [], 3).subarray(0, 13),
    "its header claims 2 bytes, but 1 follow",
    8,
  );
});

Deno.test("decodeNpy() refuses headers that are no dictionary", () => {
  const texts = [
    "",
    "{",
    "[1, 2]",
    "{'descr': '|u1'",
    "{'descr' '|u1'}",
    "{descr: '|u1'}",
    "{'descr': '|u1',, 'shape': (1,)}",
    "{,}",
    "{'descr': '|u1'}}",
    "{'descr': ']'[}",
    "{'descr': )(}",
    "{'descr: 1}",
    "{'a': 1} {'b': 2}",
    "{'a': 1: 2}",
  ];
  for (const text of texts) {
    const reason = "its header isn't the literal of a Python dictionary";
    assertRefused(npyFile(text, [1]), reason, 10);
  }
});

Deno.test("decodeNpy() reads headers as Python does", () => {
  const entries = ["'descr': '|u1'", "'fortran_order': False", "'shape': (2, 1)"];
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
  const texts = orders.flatMap((order) => {
    const text = order.map((index) => entries[index]).join(", ");
    return [`{${text}}`, `{${text}, }`, `{ ${text} ,}  \n`, `{${text.replaceAll("'", '"')}}   `];
  });
  texts.push(
    `{"descr": '|u1', 'fortran_order': False, "shape": (2, 1)}`,
    "{u'descr': u'|u1', 'fortran_order': False, 'shape': (2L, 1L), }",
    "{'descr': '<u1', 'fortran_order': False, 'shape': (2, 1), }",
    "{'descr': '>u1', 'fortran_order': False, 'shape': (2, 1), }",
    "{'descr': 'u1',\n 'fortran_order':\tFalse,\n 'shape': (2,\n1)\n}\n",
    "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 1), }",
  );
  for (const text of texts) {
    for (const version of [1, 2, 3]) {
      const expected = { shape: [2, 1], data: new Uint8Array([7, 200]) };
      assertEquals(decodeNpy(npyFile(text, [7, 200], version)), expected, `${version}: ${text}`);
    }
  }
  assertEquals(decodeNpy(npyFile(header("(1,)", "<i1"), [255])).data, new Int8Array([-1]));
});

Deno.test("decodeNpy() reads truth values as 0 and 1", () => {
  for (const descr of ["|b1", "<b1", "b1"]) {
    const expected = { shape: [4], data: new Uint8Array([0, 1, 1, 0]) };
    assertEquals(decodeNpy(npyFile(header("(4,)", descr), [0, 1, 255, 0])), expected);
  }
});

Deno.test("decodeNpy() believes no header that claims a huge size", () => {
  const shape = `(${new Array(40).fill("999999999999999").join(", ")})`;
  assertThrows(() => decodeNpy(npyFile(header(shape), [1])), FormatError, "but 1 byte follow");
  assertRefused(
    npyFile(header("(1000000, 1000000)"), [1]),
    "its header promises [1000000, 1000000] = 1000000000000 elements of 1 byte, but 1 byte follow",
    81,
  );
});

Deno.test("decodeNpy() survives damage", async () => {
  const files = damaged(
    encodeNpy(new Float32Array(6), [2, 3]),
    npyFile(header("(2, 3)"), [1, 2, 3, 4, 5, 6]),
  );
  await assertSurvives(files, (bytes, name) => decodeNpy(bytes, { name }));
});
