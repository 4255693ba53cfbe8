import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";

const SUITES = {
  "variants_swiftshader.ts":
    "plain kernels give the gradients that others give on SwiftShader, too",
  "lengths_swiftshader.ts":
    "a sample that ends before T is one of fewer time steps on SwiftShader, too",
  "workgroup_tiles_swiftshader.ts": "products by workgroup tiles equal float64 on SwiftShader, too",
  "recurrent_swiftshader.ts": "a recurrent layer equals float64 on SwiftShader, too",
};

for (const [file, name] of Object.entries(SUITES)) Deno.test(name, () => runSuite(file));

/** A process keeps the driver that it asked for first: other tests would get this one. */
async function runSuite(file: string): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", fileURLToPath(new URL(file, import.meta.url))],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { NO_COLOR: "1" },
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  assert(success && /ok \| [1-9]/.test(text), text);
}
