/** The calls that the program prints, to be pasted. */

import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import manifest from "../../deno.json" with { type: "json" };
import { hint, programCall, usageCall } from "../../src/cli/text/call.ts";
import { shellWord } from "../../src/cli/text/shell_word.ts";

Deno.test("words are quoted for POSIX shells", () => {
  const word = (text: string) => shellWord(text, "linux");
  assertEquals(word("/tmp/a-b_c.safetensors"), "/tmp/a-b_c.safetensors");
  assertEquals(word("/tmp/a b"), "'/tmp/a b'");
  assertEquals(word("it's"), "'it'\\''s'");
  assertEquals(word("a\\b"), "'a\\b'");
  assertEquals(word("你好"), "'你好'");
  assertEquals(word("$HOME"), "'$HOME'");
  assertEquals(word("~"), "'~'");
  assertEquals(word(""), "''");
});

Deno.test("words are quoted for the shells of Windows", () => {
  const word = (text: string) => shellWord(text, "windows");
  assertEquals(word("C:\\logs\\T100_b128"), "C:\\logs\\T100_b128");
  assertEquals(word("C:\\Users\\Ann Lee\\it's"), `"C:\\Users\\Ann Lee\\it's"`);
});

Deno.test({
  name: "a shell reads a quoted word as the text",
  ignore: Deno.build.os === "windows",
  async fn() {
    for (const text of ["a b", "it's", "a\\b", '$HOME `x` "y"', "-", "~", "*", "a\nb", "%+,@"]) {
      const { stdout } = await new Deno.Command("sh", {
        args: ["-c", `printf %s ${shellWord(text)}`],
      }).output();
      assertEquals(new TextDecoder().decode(stdout), text);
    }
  },
});

Deno.test("a call names the file that was started, whatever the folder", () => {
  const path = "/home/ann/my snn/cli.ts";
  assertEquals(programCall({ path, os: "linux" }), "deno run -A '/home/ann/my snn/cli.ts'");
  assertEquals(
    programCall({ path: "C:\\my snn\\cli.ts", os: "windows" }),
    'deno run -A "C:\\my snn\\cli.ts"',
  );
  const own = fileURLToPath(new URL("../../cli.ts", import.meta.url));
  assertEquals(
    hint("evaluate", "/a b"),
    `deno run -A ${shellWord(own)} evaluate ${shellWord("/a b")}`,
  );
  assertEquals(usageCall(), "deno run -A cli.ts");
});

Deno.test("a call names the package where it comes from there, or the compiled program", () => {
  const call = `deno run -A jsr:@galvani/snn@${manifest.version}/cli`;
  assertEquals([programCall({}), usageCall({})], [call, call]);
  const compiled = {
    path: "/tmp/x/cli.ts",
    executable: "/opt/galvani",
    os: "linux" as const,
  };
  assertEquals([programCall(compiled), usageCall(compiled)], ["/opt/galvani", "/opt/galvani"]);
});
