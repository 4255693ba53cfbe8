/** What users get from the registry: each entry point, the command line, an installed command. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { startRegistry } from "./jsr_registry.ts";

const CONSUMER = `
import { Adam, DirectEncoder, Gpu, LifNode, Linear, Model, rateMse, Sequential, Trainer } from "@galvani/snn";
import { imageDataset } from "@galvani/snn/datasets";
import { sampleLoss } from "@galvani/snn/extend";
import { decodeSafetensors, encodeSafetensors } from "@galvani/snn/formats";
import { spikeRaster, toPng } from "@galvani/snn/plots";
import { main } from "@galvani/snn/cli";

using gpu = await Gpu.request();
const data = imageDataset(new Uint8Array([255, 0, 0, 255]), { shape: [2], labels: [0, 1] });
using model = await Model.compile(gpu, new Sequential([new Linear(2, 2), new LifNode({ vThreshold: 0.25 })]), {
  input: data.shape, encoder: new DirectEncoder(), timeSteps: 8,
});
using trainer = new Trainer(model, { loss: rateMse(), optimizer: new Adam({ learningRate: 0.1 }), batchSize: 2 });
for await (const { trainLoss } of trainer.fit(data, { epochs: 20 })) console.log(trainLoss);
const weights = decodeSafetensors(encodeSafetensors(await model.parameters()));
console.log([...weights.tensors.keys()].join(), typeof sampleLoss, typeof main);
const svg = await spikeRaster(new Uint8Array(8), { timeSteps: 4, neurons: 2 });
console.log((await toPng(svg)).length > 0);
`;

/** Runs Deno with the registry in a folder. */
async function deno(args: string[], cwd: string, env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Makes a cache that has nothing but packages of npm, which need not be downloaded once more. */
async function emptyCache(folder: string): Promise<string> {
  const { stdout } = await deno(["info", "--json"], folder, {});
  const npm = join(JSON.parse(stdout).denoDir, "npm");
  await Deno.mkdir(npm, { recursive: true });
  const cache = join(folder, "cache");
  await Deno.mkdir(cache);
  await Deno.symlink(npm, join(cache, "npm"));
  return cache;
}

Deno.test("from a registry, each entry point, the command line and an installed command run", async () => {
  await using temporary = await temporaryFolder();
  const folder = temporary.path;
  await using registry = await startRegistry(folder);
  const env = { JSR_URL: registry.url, DENO_DIR: await emptyCache(folder) };
  const imports = { "@galvani/snn": "jsr:@galvani/snn@^0.1.0" };
  await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ imports }));
  await Deno.writeTextFile(join(folder, "main.ts"), CONSUMER);

  const consumer = await deno(["run", "-A", "--quiet", "main.ts"], folder, env);
  assertEquals([consumer.code, consumer.stderr], [0, ""]);
  const lines = consumer.stdout.trimEnd().split("\n");
  const [first, last, names, drawn] = [lines[0], ...lines.slice(-3)];
  assert(Number(last) < Number(first), consumer.stdout);
  assertEquals([names, drawn], ["layer.0.weight,layer.0.bias function function", "true"]);

  await Deno.mkdir(join(folder, "data"));
  await writeTinyIdx(join(folder, "data"), { train: 16, test: 8, side: 28 });
  const train = ["train", "--dataset-dir", "data", "-T", "4", "-b", "8", "-N", "1"];
  const run = await deno(["run", "-A", "jsr:@galvani/snn/cli", ...train], folder, env);
  assertEquals(run.code, 0, run.stderr);
  assertMatch(run.stdout, /^Epoch 1/m);
  assert(await Deno.stat(join(folder, "logs/T4_b8_adam_lr0.001/report.html")));

  const install = [
    "install",
    "-g",
    "-A",
    "--root",
    folder,
    "-n",
    "galvani",
    "jsr:@galvani/snn/cli",
  ];
  const installed = await deno(install, folder, env);
  assertEquals(installed.code, 0, installed.stderr);
  const end = Deno.build.os === "windows" ? ".cmd" : "";
  const { stdout } = await new Deno.Command(join(folder, "bin", `galvani${end}`), {
    args: ["--version"],
    env,
  }).output();
  assertMatch(new TextDecoder().decode(stdout), /^0\.1\.0$/m);
});
