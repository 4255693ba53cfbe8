import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";

const SUITE = fileURLToPath(new URL("./variants_swiftshader.ts", import.meta.url));

// A process keeps the driver that it asked for first: other tests would get this one.
Deno.test("plain kernels give the gradients that others give on SwiftShader, too", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", SUITE],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { NO_COLOR: "1" },
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  assert(success && /ok \| [1-9]/.test(text), text);
});
