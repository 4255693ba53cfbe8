import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { flawOf } from "../../src/formats/decode_options.ts";
import { Hdf5DataSet } from "../../src/formats/hdf5/data_set.ts";
import { lookup3 } from "../../src/formats/hdf5/lookup3.ts";
import { type Hdf5Group, openHdf5 } from "../../src/formats/hdf5/read.ts";
import { type Hdf5Item, type Hdf5Tree, writeHdf5 } from "../../src/formats/hdf5/write.ts";
import { anyTensor } from "./any_tensor.ts";
import { assertSurvives, damaged } from "./damage.ts";

const open = (bytes: Uint8Array, name = "a") => openHdf5(bytes, flawOf("HDF5", { name }));

/** All of a group, as it is written; a text alone is a data set of one. */
async function readAll(group: Hdf5Group): Promise<Hdf5Tree> {
  const tree = new Map<string, Hdf5Item>();
  for (const name of group.names) {
    const member = group.get(name)!;
    tree.set(name, member instanceof Hdf5DataSet ? await member.read() : await readAll(member));
  }
  return tree;
}

Deno.test("the checksum is lookup3's", () => {
  const text = (text: string) => lookup3(new TextEncoder().encode(text));
  // Bob Jenkins' own examples.
  assertEquals(text(""), 0xdeadbeef);
  assertEquals(text("Four score and seven years ago"), 0x17770551);
});

Deno.test("HDF5 that is written is read, whatever it holds", async () => {
  const text = fc.string({ unit: "grapheme", maxLength: 8 }).map((text) =>
    text.replaceAll("\0", "")
  );
  const name = fc.oneof(text, fc.constantFrom("0", "10", "2", "__proto__"));
  const texts = fc.array(text, { maxLength: 4 }).map((texts) => ({ shape: [texts.length], texts }));
  const leaf: fc.Arbitrary<Hdf5Item> = fc.oneof(anyTensor(), texts);
  const group = (item: fc.Arbitrary<Hdf5Item>) =>
    fc.array(fc.tuple(name, item), { maxLength: 12 }).map((entries) => new Map(entries));
  await fc.assert(
    fc.asyncProperty(group(fc.oneof(leaf, group(leaf))), async (tree) => {
      const bytes = writeHdf5(tree);
      assertEquals(await readAll(open(bytes)), tree);
      assertEquals(bytes, writeHdf5(tree));
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("more texts than a heap holds take another", async () => {
  const texts = Array.from({ length: 70_000 }, (_, i) => `text ${i}`);
  const tree = new Map([["all", { shape: [35_000, 2], texts }]]);
  assertEquals(await readAll(open(writeHdf5(tree))), tree);
});

Deno.test("damaged HDF5 is refused by name and byte, or read", async () => {
  const folder = new URL("../goldens/nir/", import.meta.url);
  const files = await Promise.all(
    ["nir-1.0.8.nir", "nir-0.2.0.nir", "dense.nir"].map((name) =>
      Deno.readFile(new URL(name, folder))
    ),
  );
  const own = writeHdf5(
    new Map<string, Hdf5Item>([
      ["group", new Map([["numbers", { shape: [2, 2], data: new Float32Array(4) }]])],
      ["text", "é"],
    ]),
  );
  await assertSurvives(damaged(own, ...files), (file, name) => readAll(open(file, name)));
});

Deno.test("what a file claims isn't allocated before the file proves it", async () => {
  const bytes = writeHdf5(new Map([["a", { shape: [3], data: new Float32Array(3) }]]));
  // The shape's message: version 2, one dimension, which can't grow.
  const at = bytes.findIndex((_, i) => [2, 1, 0, 1, 3].every((byte, j) => bytes[i + j] === byte));
  assert(at > 0);
  bytes[at + 8] = 0xff;
  const header = bytes.findLastIndex((byte, i) => byte === 0x4f && bytes[i + 1] === 0x48 && i < at);
  const view = new DataView(bytes.buffer);
  const end = header + 10 + view.getUint32(header + 6, true);
  view.setUint32(end, lookup3(bytes.subarray(header, end)), true);
  const member = open(bytes).get("a") as Hdf5DataSet;
  const error = await member.read().then(() => undefined, (error) => error);
  assertEquals(
    error?.message.replace(/byte \d+/, "byte N"),
    'Cannot read "a" as HDF5 as a data set claims 4380866641932 bytes, but stores 12 bytes (at byte N)',
  );
});

Deno.test("texts that lie in each other don't make a small file large", async () => {
  const bytes = writeHdf5(
    new Map([["a", { shape: [300], texts: new Array<string>(300).fill("x".repeat(2000)) }]]),
  );
  const view = new DataView(bytes.buffer);
  // An element is a length, a heap's place, an object's number: each text is made one byte shorter.
  const isElement = (at: number) =>
    view.getUint32(at, true) === 2000 && view.getUint32(at + 12, true) === 1;
  let at = 0;
  while (!(isElement(at) && isElement(at + 16))) at += 8;
  for (let i = 0; i < 300; i++) view.setUint32(at + 16 * i, 2000 - i, true);
  const member = open(bytes).get("a") as Hdf5DataSet;
  const error = await member.read().then(() => undefined, (error) => error);
  assertEquals(
    error?.message.slice(0, 58),
    'Cannot read "a" as HDF5 as its texts lie in each other (at',
  );
});

Deno.test("what isn't HDF5, or not all of it, is refused", () => {
  const good = writeHdf5(new Map([["a", "b"]]));
  const refuse = (bytes: Uint8Array, message: string) =>
    assertThrows(() => open(bytes), SyntaxError, message);
  refuse(new TextEncoder().encode("version https://git-lfs"), "it doesn't start as HDF5 does");
  refuse(good.slice(0, -1), `it is truncated: it should have ${good.length} bytes`);
  refuse(good.with(40, 1), "the superblock is damaged: its checksum is wrong");
  refuse(good.with(8, 9), "the superblock is of version 9: supported are 0 to 3");
});
