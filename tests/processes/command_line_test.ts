/** Commands that the program prints are to be pasted, wherever that is. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { programSpecifier, shellWord } from "../../src/cli/text/command_line.ts";
import { runCliProcess } from "../support/cli_process.ts";
import { runCli } from "../support/run_cli.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";

const isWindows = Deno.build.os === "windows";

const WORDS = [
  "logs/T8_b128",
  "a b",
  "a\\b",
  "it's",
  '"',
  "$HOME",
  "`x`",
  "*",
  "~",
  "a&b",
  "(1)",
  "ü 你好",
  "#",
  "",
  "a\nb",
  "%PATH%",
  "!",
];

Deno.test({
  name: "a POSIX shell takes a quoted word for what it is",
  ignore: isWindows,
  async fn() {
    const script = `printf '%s\\0' ${WORDS.map((word) => shellWord(word)).join(" ")}`;
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), WORDS);
  },
});

const WINDOWS: [word: string, quoted: string][] = [
  ["C:\\logs\\T8_b128", "C:\\logs\\T8_b128"],
  ["C:\\Users\\Ann Lee\\logs", '"C:\\Users\\Ann Lee\\logs"'],
  ["C:\\Ann Lee\\", '"C:\\Ann Lee\\\\"'],
  ["it's", `"it's"`],
  ["a&b", '"a&b"'],
  ["50%", '"50"^%""'],
  ["a\\%b", '"a\\\\"^%"b"'],
  ['a\\"b', '"a\\\\\\"b"'],
  ["", '""'],
];
for (const [word, quoted] of WINDOWS) {
  Deno.test(`cmd.exe is given ${quoted} for ${JSON.stringify(word)}`, () => {
    assertEquals(shellWord(word, "windows"), quoted);
  });
}

Deno.test("the program is named by its path, its package or its URL", () => {
  assertEquals(programSpecifier(), join(import.meta.dirname!, "..", "..", "cli.ts"));
  const url = (version: string) => `https://jsr.io/@galvani/snn/${version}/cli.ts`;
  assertEquals(programSpecifier(url("0.1.0")), "jsr:@galvani/snn@0.1.0/cli");
  const other = "https://example.com/galvani/cli.ts";
  assertEquals(programSpecifier(other), other);
});

Deno.test({
  name: "commands that train prints run in any folder, as do those of its report",
  ignore: isWindows,
  async fn() {
    await using folder = await temporaryFolder();
    const cwd = join(folder.path, "my runs");
    await Deno.mkdir(join(cwd, "ds"), { recursive: true });
    await writeTinyIdx(join(cwd, "ds"), { train: 32, test: 12, side: 4 });
    const args = "train --dataset-dir ds --log-dir lg -T 4 -b 8 -N 1".split(" ");
    const { code, stderr } = await runCliProcess(args, { cwd });
    assertEquals(code, 0, stderr);
    const report = await Deno.readTextFile(join(cwd, "lg", "T4_b8_adam_lr0.001", "report.html"));
    for (const name of ["test it", "ask it", "train on"]) {
      const call = new RegExp(`^${name} +(.*)$`, "m").exec(stderr)![1]!;
      const shown = call.replaceAll("'", "&#39;").replaceAll('"', "&quot;");
      assertStringIncludes(report, shown);
      const shell = new Deno.Command("sh", { args: ["-c", call], cwd: "/" });
      const outcome = await shell.output();
      assertEquals(outcome.code, 0, `${call}\n${new TextDecoder().decode(outcome.stderr)}`);
    }
  },
});

Deno.test("a data set that isn't where a checkpoint says is looked for by its name", async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, "ds");
  await Deno.mkdir(data);
  await writeTinyIdx(data, { train: 32, test: 12, side: 4 });
  const cwd = folder.path;
  const first = await runCliProcess("train --dataset-dir ds -T 4 -b 8 -N 1".split(" "), { cwd });
  assertEquals(first.code, 0, first.stderr);
  await Deno.rename(data, join(folder.path, "moved"));
  const checkpoint = join(cwd, "logs", "T4_b8_adam_lr0.001", "checkpoint_latest.safetensors");
  for (const args of [["evaluate", checkpoint], ["train", "--resume", checkpoint, "-N", "2"]]) {
    const { code, stderr } = await runCli(args);
    assertEquals(code, 1);
    assertMatch(
      stderr,
      /"[^"]+\/ds" as there is no such directory: "[^"]+" names this folder; --dataset-dir names another$/m,
    );
  }
});
