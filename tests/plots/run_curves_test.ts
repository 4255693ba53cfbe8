import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { runCurves } from "../../src/plots/mod.ts";
import { markElements, numbersOf, parseSvg, texts } from "./svg.ts";

Deno.test("runCurves() draws a line for each run, the best over the others, on common axes", async () => {
  const svg = await runCurves([[0.8, 0.95], [0.85, 0.9, 0.9], [0.7]]);
  const lines = markElements(parseSvg(svg), "mark-line", "path")
    .map((path) => ({ points: numbersOf(path, "d"), stroke: path.getAttribute("stroke") }));
  // A single epoch is a dot: a line of no length.
  assertEquals(
    lines.map(({ points }) => points.length / 2),
    [2, 6, 4].map((n) => Math.ceil(n / 2)),
  );
  const [dot, second, best] = lines;
  assert(dot!.stroke === second!.stroke && second!.stroke !== best!.stroke);
  const [x0, y80 = 0, x1, y95 = 0] = best!.points;
  const [, y85 = 0] = second!.points;
  assertEquals([x0, x1], [0, 360]);
  assertAlmostEquals((y80 - y85) / (y80 - y95), 1 / 3, 1e-2);
  assert(texts(parseSvg(svg)).includes("best of 3 runs: 95.00 %"));
});

Deno.test("runCurves() refuses what it can't draw", async () => {
  await assertRejects(() => runCurves([]), TypeError, "current counts are none");
  await assertRejects(() => runCurves([[0.5], []]), TypeError, "current counts are 1, 0");
  await assertRejects(() => runCurves([[1.5]]), RangeError, "accuracy");
});
