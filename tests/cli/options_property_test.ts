import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { OPTIONS, TRAIN } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { checkSavedOptions } from "../../src/cli/options/saved_options.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const RUNS = { numRuns: 2000, seed: 1 };
const NAMES = OPTIONS.flatMap(({ names }) => names);

/** Texts that options could take, and such as they must refuse. */
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.double().map(String),
  fc.integer().map(String),
  fc.constantFrom("", "none", "atan", "true", "constructor", "__proto__", "1e999", "0x10", "-"),
);
const option = fc.constantFrom(...NAMES, "nothing", "__proto__")
  .map((name) => name.length === 1 ? `-${name}` : `--${name}`);
const args = fc.array(
  fc.oneof(option, text, fc.tuple(option, text).map(([name, value]) => `${name}=${value}`)),
  { maxLength: 6 },
);

Deno.test("any arguments give options in their ranges, or an error in one line", () => {
  let refused = 0;
  fc.assert(
    fc.property(args, (args) => {
      try {
        const parsed = parseArguments(TRAIN, args);
        if (parsed === "help" || parsed === "version") return;
        // What was taken would be taken again from a file.
        const { resume, ...options } = parsed.options;
        if (resume === undefined || resume === "auto") {
          assertEquals(checkSavedOptions(JSON.parse(JSON.stringify(options)), "a"), options);
        }
      } catch (error) {
        refused++;
        assert(error instanceof UsageError, String(error));
        // Of a network the place is shown, too, below.
        const message = error.message.replace(/\n {2}[^\n]+\n {2,}\^+$/, "");
        assert(!message.includes("\n"), error.message);
      }
    }),
    RUNS,
  );
  assert(refused > RUNS.numRuns / 10 && refused < RUNS.numRuns);
});

Deno.test("any options in a checkpoint are taken, or refused by an error that names the file", () => {
  const parsed = parseArguments(TRAIN, []);
  assert(typeof parsed === "object");
  const good = JSON.parse(JSON.stringify(parsed.options));
  const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
  const field = fc.constantFrom(
    ...OPTIONS.map(({ field }) => field as string),
    "__proto__",
    "more",
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(field, value), { maxLength: 4 }), (changes) => {
      const saved = JSON.parse(JSON.stringify({ ...good, ...Object.fromEntries(changes) }));
      try {
        checkSavedOptions(saved, "some.safetensors");
      } catch (error) {
        refused++;
        assert(error instanceof SyntaxError, String(error));
        assert(error.message.includes('"some.safetensors"'), error.message);
        assert(!error.message.includes("\n"), error.message);
      }
    }),
    RUNS,
  );
  assert(refused > RUNS.numRuns / 2 && refused < RUNS.numRuns);
});
