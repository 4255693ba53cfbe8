import { assert } from "@std/assert";

const SCRIPT = new URL("./rounds.ts", import.meta.url).href;

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
const cases: {
  what: string;
  /** Until this round caches fill, the engine compiles its code, and its heaps find their sizes. */
  first: number;
  rounds: number;
  each: "trainer" | "gpu";
  flags: string[];
  growth: number;
}[] = [
  {
    what: "trainers on one Gpu",
    first: 20,
    rounds: 200,
    each: "trainer",
    flags: [GC],
    growth: 0.05,
  },
  // What the engine leaves lying is small too: none of it keeps memory of the device.
  {
    what: "trainers on one Gpu, garbage left to the engine",
    first: 20,
    rounds: 200,
    each: "trainer",
    flags: [],
    growth: 0.15,
  },
  { what: "a Gpu with a trainer", first: 60, rounds: 120, each: "gpu", flags: [GC], growth: 0.03 },
];

for (const { what, first: from, rounds, each, flags, growth } of cases) {
  Deno.test(`${rounds} rounds need no more memory than ${from}: ${what}`, async () => {
    const bytes = await resident(rounds, each, flags);
    const [first, last] = [bytes[from - 1]!, bytes.at(-1)!];
    assert(last < first * (1 + growth), `${first} bytes grew to ${last}`);
  });
}
