import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Comparison, writeComparisons } from "../../bench/peers/table.ts";
import { reportFiles } from "../../bench/report.ts";
import { readResults, type Result } from "../../bench/report/result.ts";
import { withTables } from "../../bench/report/tables.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

const ROOT = new URL("../..", import.meta.url);
const RESULT: Result = {
  title: "Steps",
  adapter: "llvmpipe",
  machine: "2 cores",
  date: "2026-11-26",
  command: "deno bench",
  columns: [{ name: "item", align: "left" }, { name: "ms", align: "right" }],
  rows: [["a step", "1.50"], ["b", "12.25"]],
};

Deno.test("the tables and plots of the figures are made from the results as they are", async () => {
  const files = await reportFiles();
  for (const [path, text] of files) {
    const isSame = await Deno.readTextFile(new URL(path, ROOT)) === text;
    assertEquals(isSame, true, `${path} isn't what deno run -A bench/report.ts makes`);
  }
  // Each plot is shown somewhere.
  const pages = await Promise.all(
    ["README.md", "bench/RESULTS.md"].map((page) => Deno.readTextFile(new URL(page, ROOT))),
  );
  for (const path of files.keys()) {
    if (path.endsWith(".svg")) assertStringIncludes(pages.join(), path.slice("docs/".length));
  }
});

Deno.test("a table takes its place, in columns of equal width", () => {
  const page = "Before\n\n<!-- table steps -->\nold\n<!-- end -->\n\nafter";
  const table = `| item   |    ms |
| ------ | ----: |
| a step |  1.50 |
| b      | 12.25 |`;
  const want = `Before\n\n<!-- table steps -->\n\n${table}\n\n<!-- end -->\n\nafter`;
  const results = new Map([["steps", RESULT]]);
  assertEquals(withTables(page, results), want);
  assertEquals(withTables(want, results), want);
  assertThrows(() => withTables("", results), RangeError, "There is no place for steps");
  assertThrows(() => withTables(page, new Map()), RangeError, `There is no result "steps"`);
});

Deno.test("a result says how it was measured", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const url = new URL(`file://${folder}/`);
    const write = (result: unknown) =>
      Deno.writeTextFile(new URL("steps.json", url), JSON.stringify(result));
    await write(RESULT);
    assertEquals([...readResults(url)], [["steps", RESULT]]);
    const { command: _, ...others } = RESULT;
    await write(others);
    assertThrows(() => readResults(url), SyntaxError, `"steps.json" must have a title`);
    await write({ ...RESULT, rows: [["a"]] });
    assertThrows(() => readResults(url), SyntaxError, `"steps.json" must have a cell for each`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("comparisons become a result, whose other rows stay", async () => {
  const comparison: Comparison = {
    name: "tutorial",
    peer: "JAX",
    galvani: [2, 1, 3],
    other: [20, 30, 33],
    memory: [200.4, NaN],
    adapter: "llvmpipe",
  };
  await using folder = await temporaryFolder();
  const path = join(folder.path, "beside_others.json");
  await writeComparisons(path, [comparison], "compare.ts");
  const jax = ["tutorial", "JAX", "2.00", "30.00", "10.00", "11.00", "30.00", "200", "unknown"];
  const read = () => readResults(pathToFileURL(`${folder.path}/`)).get("beside_others")!;
  assertEquals(read().rows, [jax]);
  const norse = { ...comparison, peer: "Norse", other: [2, 2, 2] };
  await writeComparisons(path, [norse], "compare.ts --norse");
  await writeComparisons(path, [{ ...norse, galvani: [1, 1, 1] }], "compare.ts --norse");
  const { rows, command } = read();
  assertEquals(rows.map((row) => row.slice(0, 4)), [
    jax.slice(0, 4),
    ["tutorial", "Norse", "1.00", "2.00"],
  ]);
  assertEquals(command, "compare.ts --norse");
  const elsewhere = { ...norse, adapter: "a GPU" };
  await assertRejects(
    () => writeComparisons(path, [elsewhere], "compare.ts"),
    TypeError,
    "as it is of llvmpipe with the columns item,",
  );
});
