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

/** Memory after a round: the median of the last five, as a heap may give back some for a moment. */
function level(bytes: readonly number[], round: number): number {
  return bytes.slice(round - 5, round).sort((a, b) => a - b)[2]!;
}

const GC = "--v8-flags=--expose-gc";
const cases: {
  what: string;
  each: "trainer" | "gpu";
  flags: string[];
  /** Until this round caches fill, and the engine compiles its code. */
  first: number;
  rounds: number;
  /** How much more memory the last round may need: what leaks grows with each. */
  growth: number;
}[] = [
  {
    what: "trainers on one Gpu",
    each: "trainer",
    flags: [GC],
    first: 60,
    rounds: 200,
    growth: 0.03,
  },
  {
    // What the engine leaves lying is small too: none of it keeps memory of the device.
    what: "trainers on one Gpu, garbage left to the engine",
    each: "trainer",
    flags: [],
    first: 20,
    rounds: 200,
    growth: 0.15,
  },
  { what: "a Gpu with a trainer", each: "gpu", flags: [GC], first: 60, rounds: 120, growth: 0.03 },
];

for (const { what, each, flags, first, rounds, growth } of cases) {
  Deno.test(`${rounds} rounds need no more memory than ${first}: ${what}`, async () => {
    const bytes = await resident(rounds, each, flags);
    const [before, after] = [level(bytes, first), level(bytes, rounds)];
    assert(after < before * (1 + growth), `${before} bytes grew to ${after}`);
  });
}
