import { assertEquals } from "@std/assert";
import { encode } from "fast-png";
import { readPicture } from "../../src/cli/network/read_picture.ts";

/** A picture of 3 x 1: nothing, half and full ink of a grey, on a ground of a grey or on none. */
function inkPng(ink: number, ground?: number): Uint8Array {
  const alphas = [0, 0.6, 1];
  const data = alphas.flatMap((alpha) =>
    ground === undefined
      ? [ink, 255 * alpha]
      : [Math.round(ink * alpha + ground * (1 - alpha)), 255]
  );
  return encode({ width: 3, height: 1, channels: 2, data: Uint8Array.from(data) });
}

Deno.test("a transparent ground is white for black ink, and black for white ink", async () => {
  const path = await Deno.makeTempFile({ suffix: ".png" });
  try {
    const read = async (png: Uint8Array, invert: boolean) => {
      await Deno.writeFile(path, png);
      return [...await readPicture(path, { height: 1, width: 3 }, invert)];
    };
    const expected = [0, 153, 255];
    assertEquals(await read(inkPng(255, 0), false), expected);
    assertEquals(await read(inkPng(255), false), expected);
    assertEquals(await read(inkPng(0, 255), true), expected);
    assertEquals(await read(inkPng(0), true), expected);
  } finally {
    await Deno.remove(path);
  }
});
