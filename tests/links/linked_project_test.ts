import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("a project that links to this folder runs without a word, and keeps its own packages", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const manifest = {
      links: [ROOT],
      imports: {
        "@galvani/snn": "jsr:@galvani/snn@^0.1.0",
        "@std/cli": "jsr:@std/cli@^1.0.32",
      },
    };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(manifest));
    await Deno.writeTextFile(
      `${folder}/main.ts`,
      `import { LifNode } from "@galvani/snn";
       import { parseIdx } from "@galvani/snn/datasets";
       console.log(typeof LifNode, typeof parseIdx);
       console.log(import.meta.resolve("@std/cli/parse-args"));`,
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "main.ts"],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stderr)], [0, ""]);
    const [types, place] = decoder.decode(stdout).split("\n");
    assertEquals(types, "function function");
    assert(!place?.startsWith("file:"), place);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
