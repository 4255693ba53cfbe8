import { assert } from "@std/assert";

const SCRIPT = new URL("./rounds.ts", import.meta.url).href;

/** Until this round caches fill and the engine compiles its code. */
const FIRST = 20;

/** Resident memory after each round, in bytes. */
async function resident(
  rounds: number,
  each: "trainer" | "gpu",
  flags: string[],
): Promise<number[]> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...flags, SCRIPT, String(rounds), each],
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(out, err);
  return JSON.parse(out);
}

const GC = "--v8-flags=--expose-gc";
const cases: [what: string, rounds: number, "trainer" | "gpu", flags: string[], growth: number][] =
  [
    ["trainers on one Gpu", 200, "trainer", [GC], 0.05],
    // What the engine leaves lying is small too: none of it keeps memory of the device.
    ["trainers on one Gpu, garbage left to the engine", 200, "trainer", [], 0.15],
    ["a Gpu with a trainer", 60, "gpu", [GC], 0.05],
  ];

for (const [what, rounds, each, flags, growth] of cases) {
  Deno.test(`${rounds} rounds need no more memory than ${FIRST}: ${what}`, async () => {
    const bytes = await resident(rounds, each, flags);
    const [first, last] = [bytes[FIRST - 1]!, bytes.at(-1)!];
    assert(last < first * (1 + growth), `${first} bytes grew to ${last}`);
  });
}
