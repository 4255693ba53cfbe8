import { assert, assertEquals, assertRejects } from "@std/assert";
import { inflate } from "../../src/formats/inflate.ts";
import { deflate } from "./png_file.ts";

Deno.test("inflate() inflates parts of a whole", async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index ** 2 % 251);
  const compressed = await deflate(bytes);
  const parts = [compressed.subarray(0, 7), compressed.subarray(7)];
  assertEquals(await inflate(parts, "deflate", bytes.length), bytes);
});

Deno.test("inflate() stops soon after its limit", async () => {
  const bomb = await deflate(new Uint8Array(2 ** 26));
  const { length } = await inflate([bomb], "deflate", 10);
  assert(length > 10 && length < 2 ** 25, `${length} bytes`);
});

Deno.test("inflate() refuses damaged bytes", async () => {
  await assertRejects(() => inflate([new Uint8Array([1, 2, 3])], "deflate", 10), TypeError);
});
