import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseIdx, readIdx } from "../../src/datasets/mod.ts";
import { assertSurvives, damaged } from "../formats/damage.ts";
import { gzip, idxFile } from "./idx_file.ts";

const FILES = [idxFile([9]), idxFile([2, 3, 4])];

Deno.test("readIdx() reads all shapes, compressed or not", async () => {
  const shapes = fc.array(fc.nat(5), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const bytes = idxFile(shape);
      const expected = { shape, data: bytes.slice(4 + 4 * shape.length) };
      assertEquals(await readIdx(bytes, "file"), expected);
      assertEquals(await readIdx(await gzip(bytes), "file"), expected);
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("parseIdx() survives damage", async () => {
  await assertSurvives(damaged(...FILES), parseIdx);
});

Deno.test("readIdx() survives damaged compressed files", async () => {
  await assertSurvives(damaged(...await Promise.all(FILES.map(gzip))), readIdx);
});

Deno.test("readIdx() survives damaged files of several members", async () => {
  const [first, second] = [await gzip(FILES[0]!.slice(0, 5)), await gzip(FILES[0]!.slice(5))];
  const file = new Uint8Array([...first, ...second, 0, 0]);
  await assertSurvives(damaged(file), readIdx);
});

Deno.test("readIdx() survives damage beneath the compression", async () => {
  await assertSurvives(damaged(...FILES), readIdx, gzip);
});
