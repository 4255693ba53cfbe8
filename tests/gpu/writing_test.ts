import { assertEquals, assertThrows } from "@std/assert";
import { Gpu } from "../../mod.ts";

Deno.test("a buffer takes nothing, a part and all", async () => {
  using gpu = await Gpu.request();
  const buffer = gpu.createBuffer(16, "small");
  gpu.write(buffer, Uint32Array.of(1, 2, 3, 4));
  // Deno panics at these, if the queue is given them.
  gpu.write(buffer, new Uint8Array(0));
  gpu.write(buffer, new ArrayBuffer(0), 16);
  gpu.write(buffer, new DataView(Uint32Array.of(0, 5, 0).buffer, 4, 4), 12);
  assertEquals(new Uint32Array(await gpu.read(buffer)), Uint32Array.of(1, 2, 3, 5));
});

Deno.test("bytes that a buffer can't take are refused, and none of them taken", async () => {
  using gpu = await Gpu.request();
  const buffer = gpu.createBuffer(16, "small");
  gpu.write(buffer, Uint32Array.of(1, 2, 3, 4));
  for (
    const [bytes, offset, why] of [
      [3, 0, "bytes are written by fours: given are 3 from byte 0 on"],
      [4, 2, "bytes are written by fours: given are 4 from byte 2 on"],
      [4, 1.5, "bytes are written by fours: given are 4 from byte 1.5 on"],
      [4, -4, "bytes are written by fours: given are 4 from byte -4 on"],
      [4, NaN, "bytes are written by fours: given are 4 from byte NaN on"],
      [20, 0, "it has 16 bytes: given are 20 from byte 0 on"],
      [8, 12, "it has 16 bytes: given are 8 from byte 12 on"],
      [0, 20, "it has 16 bytes: given are 0 from byte 20 on"],
    ] as const
  ) {
    assertThrows(
      () => gpu.write(buffer, new Uint8Array(bytes), offset),
      RangeError,
      `Cannot write into "small" as ${why}`,
    );
  }
  assertEquals(new Uint32Array(await gpu.read(buffer)), Uint32Array.of(1, 2, 3, 4));
});

Deno.test("texels that a texture can't take are refused, and none of them taken", async () => {
  using gpu = await Gpu.request();
  const texture = gpu.createTexture(2, "texels");
  const buffer = gpu.createBuffer(32, "copy");
  gpu.writeTexture(texture, Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  gpu.writeTexture(texture, new Uint32Array(0));
  gpu.writeTexture(texture, new Uint32Array(0), 8192);
  for (
    const [words, first, why] of [
      [3, 0, "texels are whole: given are 0.75 from texel 0 on"],
      [4, 0.5, "texels are whole: given are 1 from texel 0.5 on"],
      [4, -1, "texels are whole: given are 1 from texel -1 on"],
      [4, NaN, "texels are whole: given are 1 from texel NaN on"],
      [4, 8192, "it has 8192 texels: given are 1 from texel 8192 on"],
      [4 * 8193, 0, "it has 8192 texels: given are 8193 from texel 0 on"],
    ] as const
  ) {
    assertThrows(
      () => gpu.writeTexture(texture, new Uint32Array(words), first),
      RangeError,
      `Cannot write into "texels" as ${why}`,
    );
  }
  const kernel = await gpu.compile({
    name: "test/texels",
    texts: [
      "@group(0) @binding(0) var texels: texture_2d<u32>;",
      "@group(0) @binding(1) var<storage, read_write> copy: array<vec4<u32>>;",
      "@compute @workgroup_size(2) fn main(@builtin(local_invocation_index) i: u32) {",
      "  copy[i] = textureLoad(texels, vec2<u32>(i, 0u), 0);",
      "}",
    ],
    values: {},
  });
  gpu.submit([await kernel.bind({ texels: texture, copy: buffer }, [1])]);
  assertEquals(new Uint32Array(await gpu.read(buffer)), Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
});
