import { assert, assertEquals } from "@std/assert";

const SCRIPT = new URL("./dataset_rounds.ts", import.meta.url).href;
const ROUNDS = 12;

for (const preset of ["auto", "gpu"]) {
  Deno.test(`nothing of a data set is kept once it was used: ${preset} preset`, async () => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--v8-flags=--expose-gc", SCRIPT, String(ROUNDS), preset],
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert(out, err);
    const results: Record<string, { alive: number; resources: number[] }> = JSON.parse(out!);
    assertEquals(Object.keys(results).length, 5);
    for (const [kind, { alive, resources }] of Object.entries(results)) {
      assertEquals(alive, 0, kind);
      assertEquals(resources.length, ROUNDS);
      // The first has all compiled, and room for data sets of that size.
      assertEquals(resources, new Array(ROUNDS).fill(resources[0]), kind);
    }
  });
}
