/** The worked examples of CONTRIBUTING, in a copy of the code: they check, and they learn. */

import { assertEquals, assertMatch } from "@std/assert";
import type { Tokens } from "marked";
import { join } from "node:path";
import { copy, ROOT } from "../../release/write_package.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { PAGES } from "./pages.ts";

const USES = `
import { Adam, DirectEncoder, Gain, Gpu, LifNode, Linear, Model } from "./mod.ts";
import { rateMse, Sequential, Trainer } from "./mod.ts";
import { imageDataset } from "./src/datasets/mod.ts";
import { sine } from "./src/surrogate/sine.ts";

const surrogate = sine();
for (const x of [-1, -0.3, 0, 0.5]) {
  const slope = (surrogate.primitive!(x + 1e-4) - surrogate.primitive!(x - 1e-4)) / 2e-4;
  if (Math.abs(slope - surrogate.gradient(x)) > 1e-4) throw new Error("the gradient is another");
}
const labels = Array.from({ length: 32 }, (_, i) => i % 2);
const bytes = Uint8Array.from({ length: 64 }, (_, i) => i % 2 === labels[i >> 1] ? 255 : 0);
const data = imageDataset(bytes, { shape: [2], labels });
using gpu = await Gpu.request();
const lif = new LifNode({ surrogate, vThreshold: 0.4 });
using model = await Model.compile(gpu, new Sequential([new Linear(2, 2), new Gain(), lif]), {
  input: [2], encoder: new DirectEncoder(), timeSteps: 7,
});
const optimizer = new Adam({ learningRate: 0.05 });
using trainer = new Trainer(model, { loss: rateMse(), optimizer, batchSize: 16 });
for await (const { epoch, trainAccuracy } of trainer.fit(data, { epochs: 20 })) {
  if (epoch === 20) console.log("accuracy", trainAccuracy);
}
console.log("gains", (await model.parameters()).get("layer.1.gain")!.data.length);
`;

/** The files that a page gives: code after a paragraph that ends in the file's path. */
function filesOf(path: string): Map<string, string> {
  const { tokens } = PAGES.find((page) => page.path === path)!;
  const kinds = ["code", "heading", "list", "paragraph", "table"];
  const blocks = tokens.filter(({ type }) => kinds.includes(type));
  const files = new Map<string, string>();
  for (const [i, block] of blocks.entries()) {
    const before = blocks[i - 1];
    const named = [...before?.raw.matchAll(/`((?:src|kernels)\/\S+\.(?:ts|wgsl))`/g) ?? []].at(-1);
    if (block.type !== "code" || before?.type !== "paragraph" || !named) continue;
    files.set(named[1]!, (block as Tokens.Code).text);
  }
  return files;
}

/** Changes a file: puts text in the place of another, which must be there. */
async function change(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assertEquals(text.split(from).length, 2, `${path}: ${from}`);
  await Deno.writeTextFile(path, text.replace(from, () => to));
}

Deno.test("the surrogate and the layer of CONTRIBUTING work", async () => {
  const files = filesOf("CONTRIBUTING.md");
  assertEquals([...files.keys()].sort(), [
    "kernels/gain/gain.wgsl",
    "kernels/surrogate/sine.wgsl",
    "src/layers/gain.ts",
    "src/surrogate/sine.ts",
  ]);
  await using folder = await temporaryFolder();
  const at = (path: string) => join(folder.path, path);
  for (const path of ["deno.json", "deno.lock", "kernels", "links", "mod.ts", "src"]) {
    await copy(join(ROOT, path), at(path));
  }
  await Deno.mkdir(at("kernels/gain"));
  for (const [path, text] of files) await Deno.writeTextFile(at(path), `${text}\n`);
  const kernel = (name: string) =>
    `export { default as ${name} } from "./${name}.wgsl" with { type: "text" };\n`;
  await Deno.writeTextFile(at("kernels/gain/mod.ts"), kernel("gain"));
  const surrogates = at("kernels/surrogate/mod.ts");
  await Deno.writeTextFile(surrogates, `${await Deno.readTextFile(surrogates)}${kernel("sine")}`);
  await change(
    at("mod.ts"),
    "export { Dropout }",
    'export { Gain } from "./src/layers/gain.ts";\nexport { Dropout }',
  );
  await Deno.writeTextFile(at("main.ts"), USES);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--check", "--quiet", "main.ts"],
    cwd: folder.path,
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertMatch(decode(stdout), /^accuracy 1\ngains 2$/m, decode(stderr));
});
