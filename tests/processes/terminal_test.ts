/** What terminals are sent: `script` runs a command in one of its own. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { shellCommand } from "../../src/cli/text/command_line.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";

const CLI = join(import.meta.dirname!, "..", "..", "cli.ts");
const ESCAPE = new RegExp("\x1b\\[[\\d;]*[A-Za-z]", "g");

/** Whether there is util-linux's `script`: that of other systems takes other arguments. */
const hasScript = Deno.build.os === "linux" && await isThere("/usr/bin/script");

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** All that a short training writes to a terminal. */
async function trained(env: Record<string, string>): Promise<string> {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await writeTinyIdx(path, { train: 64, test: 12, side: 4 });
  const call = shellCommand(
    ...[Deno.execPath(), "run", "-A", CLI, "train", "--dataset-dir", path, "--log-dir", path],
    ..."-T 4 -b 2 -N 1".split(" "),
  );
  // All but what says how to write: where packages are, and how they are fetched, stays.
  const { TERM: _term, NO_COLOR: _noColor, ...rest } = Deno.env.toObject();
  const { code, stdout } = await new Deno.Command("/usr/bin/script", {
    args: ["-qec", call, "/dev/null"],
    clearEnv: true,
    env: { ...rest, ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 0, text);
  assertMatch(text, /test loss \d/);
  return text;
}

Deno.test({
  name: "a dumb terminal is sent no escape codes",
  ignore: !hasScript,
  async fn() {
    const text = await trained({ TERM: "dumb" });
    assert(!text.includes("\x1b"), JSON.stringify(text));
  },
});

Deno.test({
  name: "NO_COLOR leaves the bar, but no colours",
  ignore: !hasScript,
  async fn() {
    const codes = async (env: Record<string, string>) =>
      new Set((await trained({ TERM: "xterm", ...env })).match(ESCAPE));
    assertEquals([...await codes({ NO_COLOR: "1" })].filter((code) => code.endsWith("m")), []);
    assert((await codes({ NO_COLOR: "1" })).has("\x1b[K"));
    assert((await codes({})).has("\x1b[1m"));
  },
});
