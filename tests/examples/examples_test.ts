import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";

/** An example: what it prints somewhere, its arguments, and a folder without which it can't run. */
interface Example {
  readonly prints: RegExp;
  readonly args?: string[];
  readonly needs?: string;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  energy: { prints: /^ {2}less below 1\.278 [\s\S]*^ {2}less below 0\.080 /m },
  events: { prints: /^20 \S+ (0\.9\d*|1)$/m },
  exchange: { prints: /^10 of 10 pictures give the same rates$/m },
  fashion_mnist: {
    prints: /^2 \S+ 0\.[4-9]\d* \S+ s$/m,
    args: ["2", "2560", "8"],
    needs: "/usr/share/datasets/fashion-mnist",
  },
  hidden_layer: { prints: /^1 \S+ 0\.[89]\d*$/m, args: ["1", "12800"] },
  lengths: { prints: /^20 \S+ (0\.9\d*|1)$/m },
  layer_alone: { prints: /spikes; v of neuron 0 at the end/ },
  mnist: { prints: /^0\.9\d+/m, args: ["1"] },
  own_data: { prints: /^30 \S+ 1$/m },
  own_layer: { prints: /^0\.[89]\d+\n\{[^}]*shape: \[ 10 \]/m },
  own_loss: { prints: /^40 \S+ 1$/m },
  own_neuron: { prints: /\d/ },
  own_surrogate: { prints: /^0\.[89]\d+$/m },
  parallel_neurons: { prints: /^2 \S+ 0\.[4-9]\d*$/m, args: ["2", "6400"] },
  predict: { prints: /layer\.2 LifNode \[2\]: \d+ spikes; it keeps v/ },
  recurrent: { prints: /^3 \S+ 0\.[4-9]\d*$/m, args: ["3", "3200"] },
  sew_resnet: { prints: /^2 \S+ 0\.[2-9]\d* \S+ s$/m, args: ["2", "2560", "4"] },
  spikformer: { prints: /^3 \S+ 0\.[2-9]\d* \S+ s$/m, args: ["3", "1280", "8"] },
  weights_from_pytorch: { prints: /layer\.1\.weight \[ 2, 4 \]/ },
};

const FOLDER = new URL("../../examples/", import.meta.url);

Deno.test("each example is listed here", () => {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ts")).map((name) => name.slice(0, -".ts".length)).sort();
  assertEquals(names, Object.keys(EXAMPLES).sort());
});

Deno.test("each example has fewer than 60 lines", async () => {
  for (const name of Object.keys(EXAMPLES)) {
    const lines = (await Deno.readTextFile(new URL(`${name}.ts`, FOLDER))).trimEnd().split("\n");
    assert(lines.length < 60, `${name} has ${lines.length}`);
  }
});

const isThere = (path: string) => {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
};

for (const [name, { prints, args = [], needs }] of Object.entries(EXAMPLES)) {
  const ignore = needs !== undefined && !isThere(needs);
  Deno.test(`the example ${name} runs`, { ignore }, async () => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", fileURLToPath(new URL(`${name}.ts`, FOLDER)), ...args],
      env: { NO_COLOR: "1" },
    }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals(code, 0, decode(stderr));
    assertMatch(decode(stdout), prints);
  });
}
