import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { encode } from "fast-png";
import { decodePng, FormatError } from "../../src/formats/mod.ts";
import { assertSurvives, damaged } from "./damage.ts";
import { deflate, pngFile, pngHeader } from "./png_file.ts";

/** Files that Pillow wrote, and their pixels by the same equations in NumPy. */
const PICTURES: { name: string; size: [number, number]; file: string; pixels: number[] }[] = [
  {
    name: "grey",
    size: [5, 3],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAAAAAB+XZokAAAAG0lEQVR4nGP4/0Sp8jPTPqXEt1tZpu7+Jbw" +
      "SAFc4CWHuVzxlAAAAAElFTkSuQmCC",
    pixels: [255, 228, 34, 121, 243, 189, 6, 131, 102, 168, 82, 193, 187, 150, 81],
  },
  {
    name: "grey, 16 bits",
    size: [4, 2],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACEAAAAAAKU/78AAAAGklEQVR4nGNgYGBkZNT5/5+pgYHpuT4vIwM" +
      "AIL0D1h0XZG8AAAAASUVORK5CYII=",
    pixels: [0, 1, 1, 255, 128, 4, 48, 1],
  },
  {
    name: "grey with alpha",
    size: [4, 2],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAQAAADVobXoAAAAG0lEQVR4nGNIYvosaiTLx8502WDJiT/yN3Y" +
      "CADFNBu7qtRDvAAAAAElFTkSuQmCC",
    pixels: [1, 20, 6, 0, 10, 131, 11, 173],
  },
  {
    name: "1 bit",
    size: [11, 3],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAADAQAAAABthMjmAAAAEUlEQVR4nGNY4MB0M4Hx5XUADz4D3Xe6qsI" +
      "AAAAASUVORK5CYII=",
    pixels: [..."10100000010", ..."01111001101", ..."11101001110"].map((bit) => 255 * Number(bit)),
  },
  {
    name: "colours",
    size: [4, 2],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAIAAADwyuo0AAAAJUlEQVR4nAEaAOX/AM0Y7Aj2pOck0m+s0gT" +
      "hmO7qs87bG/zAKK/GQA+dmDsD+QAAAABJRU5ErkJggg==",
    pixels: [102, 165, 114, 158, 180, 185, 117, 148],
  },
  {
    name: "colours, one of them transparent",
    size: [4, 2],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAIAAADwyuo0AAAABnRSTlMAzQA/AKCGwiq+AAAAJUlEQVR4nAEa" +
      "AOX/AM0Y7Aj2pOck0m+s0gThmO7qs87bG/zAKK/GQA+dmDsD+QAAAABJRU5ErkJggg==",
    pixels: [102, 165, 114, 158, 180, 185, 0, 148],
  },
  {
    name: "colours with alpha",
    size: [4, 2],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAYAAAB/qH1jAAAALUlEQVR4nAEiAN3/AUhweN79r+eO306P2Q/k" +
      "9o4ByjrKQYIM9yfetBA82DLh6Ea1EqoJfijKAAAAAElFTkSuQmCC",
    pixels: [88, 21, 28, 73, 30, 35, 118, 26],
  },
  {
    name: "palette, 2 bits",
    size: [5, 2],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAUAAAACAgMAAADtBP7OAAAADFBMVEX/AAAA/wAAAP/////7AGD2AAAADklE" +
      "QVR4nGOQZmB44gAAApUBQAsU0eEAAAAASUVORK5CYII=",
    pixels: [76, 150, 29, 255, 76, 255, 29, 150, 76, 150],
  },
  {
    name: "palette with alpha, 4 bits",
    size: [7, 3],
    file: "iVBORw0KGgoAAAANSUhEUgAAAAcAAAADBAMAAACt7Qj2AAAAD1BMVEX/AAAA/wAAAP////8KFB7yw9LMAAAA" +
      "BXRSTlP/gP8A/3bMrGYAAAAXSURBVHicYxAQNGJgMvz8QYDpIR/jBwAZIwRcYj9sQgAAAABJRU5ErkJggg==",
    pixels: [
      ...[75, 76, 75, 75, 0, 29, 76],
      ...[18, 75, 76, 18, 29, 29, 75],
      ...[29, 29, 75, 29, 29, 0, 76],
    ],
  },
];

async function assertRefused(
  bytes: Uint8Array<ArrayBuffer>,
  reason: string,
  offset: number,
): Promise<void> {
  const error = await assertRejects(() => decodePng(bytes, { name: "a.png" }), FormatError);
  assertEquals(error.message, `Cannot read "a.png" as PNG as ${reason} (at byte ${offset})`);
  assertEquals(error.offset, offset);
}

for (const { name, size: [width, height], file, pixels } of PICTURES) {
  Deno.test(`decodePng() reads ${name}`, async () => {
    const picture = await decodePng(Uint8Array.fromBase64(file));
    assertEquals(picture, { width, height, pixels: new Uint8Array(pixels) });
  });
}

Deno.test("decodePng() shows the ground through what is transparent", async () => {
  const size = { width: 3, height: 1 };
  const files = [
    encode({ ...size, channels: 2, data: new Uint8Array([0, 0, 0, 128, 0, 255]) }),
    encode({
      ...size,
      channels: 4,
      depth: 16,
      data: new Uint16Array([0, 0, 0, 0, 0, 0, 0, 128 * 257, 0, 0, 0, 65535]),
    }),
    pngFile(
      ["IHDR", pngHeader(3, 1, 8, 3)],
      ["PLTE", new Array(9).fill(0)],
      ["tRNS", [0, 128, 255]],
      ["IDAT", await deflate([0, 0, 1, 2])],
    ),
  ];
  for (const file of files) {
    for (const [ground, pixels] of [[255, [255, 127, 0]], [0, [0, 0, 0]], [51, [51, 25, 0]]]) {
      const picture = await decodePng(new Uint8Array(file), { ground: ground as number });
      assertEquals([...picture.pixels], pixels);
    }
  }
  const { file, pixels } = PICTURES.find(({ name }) =>
    name === "colours, one of them transparent"
  )!;
  const picture = await decodePng(Uint8Array.fromBase64(file), { ground: 255 });
  assertEquals([...picture.pixels], pixels.map((pixel) => pixel === 0 ? 255 : pixel));
});

Deno.test("decodePng() refuses what is no ground", async () => {
  const decode = (ground: unknown) =>
    decodePng(Uint8Array.fromBase64(PICTURES[0]!.file), { ground: ground as number });
  const message = "Cannot decode a PNG file as its ground must be a number from 0 to 255: " +
    "current value is ";
  for (const ground of [-1, 256, NaN, Infinity]) {
    await assertRejects(() => decode(ground), RangeError, message + ground);
  }
  await assertRejects(() => decode("white"), TypeError, `${message}white`);
});

Deno.test("decodePng() reads rows in several parts, among other chunks", async () => {
  const rows = await deflate([0, 1, 2, 1, 3, 1]);
  const file = pngFile(
    ["IHDR", pngHeader(2, 2)],
    ["tEXt", [1]],
    ["IDAT", rows.subarray(0, 3)],
    ["IDAT", []],
    ["IDAT", rows.subarray(3)],
    ["iCCP", [65, 0, 0, 1, 2, 3]],
  );
  const picture = await decodePng(file);
  assertEquals(picture, { width: 2, height: 2, pixels: new Uint8Array([1, 2, 3, 4]) });
});

Deno.test("decodePng() reads interlaced pictures like others", async () => {
  const picture = fc.record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    channels: fc.integer({ min: 1, max: 4 }),
    depth: fc.constantFrom(8 as const, 16 as const),
  }).chain((header) => {
    const { width, height, channels, depth } = header;
    const exact = { minLength: width * height * channels, maxLength: width * height * channels };
    const data = depth === 8 ? fc.uint8Array(exact) : fc.uint16Array(exact);
    return data.map((data) => ({ ...header, data: data.slice() }));
  });
  await fc.assert(
    fc.asyncProperty(picture, async (picture) => {
      const plain = await decodePng(new Uint8Array(encode(picture)));
      const interlaced = await decodePng(new Uint8Array(encode(picture, { interlace: "Adam7" })));
      assertEquals(interlaced, plain);
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("decodePng() refuses flawed files", async () => {
  const header: [string, number[]] = ["IHDR", pngHeader(2, 2)];
  const rows: [string, Uint8Array] = ["IDAT", await deflate([0, 1, 2, 0, 3, 4])];
  const good = pngFile(header, rows);
  await assertRefused(good.subarray(1), "it doesn't start with the signature of PNG", 0);
  await assertRefused(good.subarray(0, 33), "it ends before its IEND chunk", 33);
  await assertRefused(
    good.subarray(0, 32),
    "a chunk claims 13 bytes, but the file ends 16 bytes later",
    8,
  );
  const flipped = good.slice();
  flipped[20]! ^= 1;
  await assertRefused(flipped, "the checksum of a chunk is wrong", 8);
  await assertRefused(pngFile(rows), "its first chunk isn't an IHDR chunk of 13 bytes", 8);
  await assertRefused(
    pngFile(header, rows, header),
    "it has a second IHDR chunk",
    good.length - 12,
  );
  await assertRefused(pngFile(header), "it has no IDAT chunk", 33);
  await assertRefused(
    pngFile(header, ["IDAT", [1, 2, 3]]),
    "its compressed data is damaged or incomplete",
    33,
  );
  await assertRefused(
    pngFile(header, ["IDAT", await deflate([0, 1, 2, 0, 3])]),
    "its picture takes 6 bytes, but there are 5",
    33,
  );
  await assertRefused(
    pngFile(header, ["IDAT", await deflate([0, 1, 2, 0, 3, 4, 5])]),
    "its picture takes 6 bytes, but there are more",
    33,
  );
  await assertRefused(
    pngFile(header, ["IDAT", await deflate([0, 1, 2, 5, 3, 4])]),
    "its picture can't be decoded: Unsupported filter: 5",
    33,
  );
  await assertRefused(
    pngFile(["IHDR", pngHeader(2, 2, 8, 3)], ["PLTE", [1, 2, 3]], rows),
    "a pixel's colour isn't in its palette",
    48,
  );
});

Deno.test("decodePng() refuses what isn't supported", async () => {
  const refuse = (header: number[], reason: string) =>
    assertRefused(pngFile(["IHDR", header]), reason, 8);
  const supported = "supported are 1 x 1 to 4096 x 4096";
  await refuse(pngHeader(4097, 1), `its size is 4097 x 1: ${supported}`);
  await refuse(pngHeader(1, 0), `its size is 1 x 0: ${supported}`);
  await refuse(pngHeader(2 ** 32 - 1, 1), `its size is 4294967295 x 1: ${supported}`);
  await refuse(pngHeader(1, 1, 4, 2), "its colour type 2 doesn't exist with 4 bits a sample");
  await refuse(pngHeader(1, 1, 8, 7), "its colour type 7 doesn't exist with 8 bits a sample");
  await refuse(
    pngHeader(1, 1, 4, 0, 1),
    "it is interlaced with 4 bits a sample: supported are 8 and 16",
  );
  await refuse(
    [...pngHeader(1, 1).slice(0, 10), 1, 2, 3],
    "there is no compression 1 with filter 2 and interlace 3",
  );
});

const files = PICTURES.map(({ file }) => Uint8Array.fromBase64(file));

Deno.test("decodePng() survives damage", async () => {
  await assertSurvives(damaged(...files), (file, name) => decodePng(file, { name }));
});

Deno.test("decodePng() survives damaged headers beneath right checksums", async () => {
  const rows = await deflate(new Uint8Array(3 * 4));
  await assertSurvives(
    damaged(new Uint8Array(pngHeader(3, 3)), new Uint8Array(pngHeader(3, 3, 8, 3, 1))),
    (file, name) => decodePng(file, { name }),
    (header) => pngFile(["IHDR", header], ["PLTE", [1, 2, 3]], ["IDAT", rows]),
  );
});

Deno.test("decodePng() survives damaged rows beneath right checksums", async () => {
  await assertSurvives(
    damaged(await deflate([0, 1, 2, 1, 2, 3, 2, 4, 5, 3, 6, 7, 4, 8, 9])),
    (file, name) => decodePng(file, { name }),
    (rows) => pngFile(["IHDR", pngHeader(2, 5)], ["IDAT", rows]),
  );
});

Deno.test("decodePng() survives damaged palettes", async () => {
  const rows = await deflate([0, 0x01]);
  await assertSurvives(
    damaged(new Uint8Array([1, 2, 3, 4, 5, 6])),
    (file, name) => decodePng(file, { name }),
    (colours) =>
      pngFile(["IHDR", pngHeader(2, 1, 4, 3)], ["PLTE", colours], ["tRNS", colours], [
        "IDAT",
        rows,
      ]),
  );
});
