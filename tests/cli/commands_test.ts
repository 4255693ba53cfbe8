/** What the commands that take a checkpoint do with one. */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { LayerJson } from "../../src/extend.ts";
import { decodeNir, fromNir } from "../../src/nir/mod.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/training/checkpoint.ts";
import { idxFile } from "../datasets/idx_file.ts";
import { deflate, pngFile, pngHeader } from "../formats/png_file.ts";
import { run } from "./run.ts";
import { TEST_COUNT, trainedRun } from "./trained_run.ts";

const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

/** A PNG file of grey pixels. */
async function greyPng(side: number, grey: (x: number, y: number) => number): Promise<Uint8Array> {
  const rows = Array.from(
    { length: side },
    (_, y) => [0, ...Array.from({ length: side }, (_, x) => grey(x, y))],
  );
  return pngFile(["IHDR", pngHeader(side, side)], ["IDAT", await deflate(rows.flat())]);
}

Deno.test("evaluate shows accuracy, confusions and firing, and writes them as JSON", async () => {
  await using trained = await trainedRun();
  const json = `${trained.folder}/evaluation.json`;
  const { out, error } = await run(0, "evaluate", trained.checkpoint, "--json", json);
  assertMatch(error, /^Testing on .+\n$/m);
  const result = await readJson(json);
  assertEquals(Object.keys(result), [
    "checkpoint",
    "epoch",
    "pictures",
    "accuracy",
    "loss",
    "confusion",
    "firing",
    "answers",
  ]);
  assertEquals([result.epoch, result.pictures], [2, TEST_COUNT]);
  assertEquals(result.answers.length, TEST_COUNT);
  const [[first, second, third]] = [result.confusion];
  assertEquals([first, second, third].flat().reduce((sum, count) => sum + count, 0), TEST_COUNT);
  assertAlmostEquals((first[0] + second[1] + third[2]) / TEST_COUNT, result.accuracy);
  const [layer] = result.firing;
  const { layer: path, kind, neurons, rates } = layer;
  assertEquals([path, kind, neurons, rates.length], ["layer.2", "LifNode", 3, 3]);

  const lines = out.trimEnd().split("\n");
  assertEquals(
    lines[0],
    `Accuracy ${(100 * result.accuracy).toFixed(2)} %, loss ${result.loss.toFixed(5)}: ` +
      `${TEST_COUNT} pictures, network of epoch 2`,
  );
  const rows = lines.filter((line) => /^ +\d .*%$/.test(line));
  assertEquals(
    rows.map((row) => row.trim().split(/ +/).slice(1, 4).map((count) => Number(count) || 0)),
    result.confusion,
  );
  assertMatch(out, /LifNode +3 +0\.\d{4} +\d\n$/);
});

Deno.test("classify answers for pictures of the data set", async () => {
  await using trained = await trainedRun();
  const json = `${trained.folder}/answer.json`;
  const { out } = await run(0, "classify", trained.checkpoint, "--index", "4", "--json", json);
  const { firingRates, answer, label, picture } = await readJson(json);
  assertEquals([label, picture, firingRates.length], [1, "Test picture 4", 3]);
  assertEquals(firingRates[answer], Math.max(...firingRates));
  const rates = firingRates.map((rate: number) => rate.toFixed(2));
  const lines = out.trimEnd().split("\n");
  assert(lines[0]!.startsWith(`Test picture 4: answer ${answer}, `), lines[0]);
  assertEquals(lines.at(-1), `Firing rates: [${rates.join(" ")}]`);
  lines.slice(1, -1).forEach((line, i) => {
    assert(line.startsWith(`  ${i} ${rates[i]}`), line);
    assertEquals(line.includes("█"), firingRates[i] >= 0.02);
  });
  assertEquals(lines.length, 5);

  const { error } = await run(1, "classify", trained.checkpoint, "--index", String(TEST_COUNT));
  assertEquals(error, `error: Cannot classify test picture 20 as there are 20, from 0\n`);
});

Deno.test("classify and evaluate name the classes of Fashion-MNIST", async () => {
  await using trained = await trainedRun("--dataset fashion-mnist -T 6 -b 2 --lr 5e-2");
  const json = `${trained.folder}/answer.json`;
  const { out } = await run(0, "classify", trained.checkpoint, "--index", "5", "--json", json);
  const { answer, label, classes } = await readJson(json);
  assertEquals([classes.length, classes[label]], [10, "Pullover"]);
  assertMatch(out, new RegExp(`^Test picture 5: answer ${answer} \\(${classes[answer]}\\), `));
  assertMatch(out, /^ +Trouser \d\.\d\d/m);
  const evaluated = await run(0, "evaluate", trained.checkpoint);
  assertMatch(evaluated.out, /^2 \(Pullover\) /m);
  await run(0, "plot", trained.folder);
  const report = await Deno.readTextFile(`${trained.folder}/report.html`);
  assertMatch(report, /label 0 \(T-shirt\/top\): the answer is \d \([A-Z]/);
  assertStringIncludes(report, "0 T-shirt/top, 1 Trouser");
});

Deno.test("classify and evaluate say when no neuron fires", async () => {
  await using trained = await trainedRun("-T 6 -b 2 --v-threshold 1e30");
  const json = `${trained.folder}/answer.json`;
  const classified = await run(0, "classify", trained.checkpoint, "--json", json);
  const [line] = classified.out.split("\n");
  assertEquals(
    line,
    "Test picture 0: no answer, as none of the last neurons fired: the label is 0",
  );
  const { answer, reason, label, firingRates } = await readJson(json);
  assertEquals([answer, reason, label], [null, "none of the last neurons fired", 0]);
  assertEquals(firingRates, [0, 0, 0]);
  const evaluated = await run(0, "evaluate", trained.checkpoint);
  assertStringIncludes(evaluated.out, "\nNo neuron of layer.2 (LifNode) fired for any picture");
});

Deno.test("classify scales a PNG file and inverts it when asked", async () => {
  await using trained = await trainedRun();
  const image = `${trained.folder}/image.png`;
  const answerTo = async (grey: (x: number, y: number) => number, ...more: string[]) => {
    await Deno.writeFile(image, await greyPng(18, grey));
    const json = `${trained.folder}/answer.json`;
    await run(0, "classify", trained.checkpoint, "--image", image, "--json", json, ...more);
    const result = await readJson(json);
    assertEquals([result.picture, "label" in result], [image, false]);
    return result.answer;
  };
  // Three times as large as the network's pictures; the stripes tell the class.
  for (const label of [0, 1, 2]) {
    const stripes = (x: number) => Math.floor(x / 3) % 3 === label ? 180 : 50;
    assertEquals(await answerTo(stripes), label);
    assertEquals(await answerTo((x) => 255 - stripes(x), "--invert"), label);
  }
});

Deno.test("plot makes a run's plots, of what its network has", async () => {
  const named = (folder: string, names: string[]) =>
    [...names.flatMap((name) => [`${name}.svg`, `${name}.png`]), "report.html"]
      .map((name) => `${folder}/${name}`);
  const runs: [args: string, spikes: string[], weights: string[]][] = [
    ["-T 6 -b 2", ["1d_spikes", "2d_heatmap"], ["weights"]],
    ["--neuron none -b 2", [], ["weights"]],
    [
      "--network 4C3-BN-MP2-3 -T 4 -b 2",
      ["1d_spikes", "2d_heatmap"],
      ["feature_maps_layer_2", "feature_maps_layer_3", "filters"],
    ],
  ];
  for (const [args, spikes, weights] of runs) {
    await using trained = await trainedRun(args);
    const { folder } = trained;
    const { out, error } = await run(0, "plot", folder);
    assertMatch(error, /^Plotting on .+\n$/m);
    const files = named(folder, [
      "accuracy",
      "input",
      ...spikes,
      ...weights,
      "confusion",
    ]);
    assertEquals(out.trimEnd().split("\n"), files);
    for (const file of files) {
      const bytes = await Deno.readFile(file);
      const start = new TextDecoder().decode(bytes.subarray(0, 5));
      assertMatch(start, file.endsWith("svg") ? /^<svg/ : file.endsWith("png") ? /PNG/ : /^<!DOC/);
    }
    const report = await Deno.readTextFile(files.at(-1)!);
    for (const part of ["--batch-size", "checkpoint_max.safetensors", "--resume"]) {
      assertStringIncludes(report, part);
    }
  }
});

Deno.test("plot needs a checkpoint and an epoch", async () => {
  await using trained = await trainedRun();
  const { folder, checkpoint } = trained;
  await Deno.remove(`${folder}/metrics.jsonl`);
  assertStringIncludes((await run(1, "plot", folder)).error, "as no epoch is finished");
  await Deno.remove(checkpoint);
  assertEquals(
    (await run(1, "plot", folder)).error,
    `error: Cannot find a checkpoint in "${folder}": it has neither checkpoint_max.safetensors nor ` +
      "checkpoint_latest.safetensors\n",
  );
});

Deno.test("export writes the weights and nothing else", async () => {
  await using trained = await trainedRun("--hidden 4 -T 6 -b 2");
  const file = `${trained.folder}/weights.safetensors`;
  const { out, error } = await run(0, "export", trained.checkpoint, file);
  assertEquals(error, `Written to ${file}\n`);
  const { tensors, metadata } = decodeSafetensors(await Deno.readFile(file));
  assertEquals(metadata, {});
  const { state } = decodeCheckpoint(await Deno.readFile(trained.checkpoint));
  assertEquals(new Map(tensors), new Map(state.parameters));
  assertEquals(out.trimEnd().split("\n"), [
    "layer.1.weight [4, 36]",
    "layer.1.bias [4]",
    "layer.3.weight [3, 4]",
    "layer.3.bias [3]",
  ]);
});

Deno.test("export writes NIR that gives the same answers", async () => {
  await using trained = await trainedRun("--hidden 4 -T 6 -b 2 --tau 3");
  const file = `${trained.folder}/net.nir`;
  const { out, error } = await run(0, "export", trained.checkpoint, file, "--dt", "0.001");
  assertEquals(error, `Written to ${file}\n`);
  assertEquals(out.trimEnd().split("\n"), [
    "input Input",
    "0 Flatten",
    "1 Affine",
    "2 LIF, tau 3 time steps",
    "3 Affine",
    "4 LIF, tau 3 time steps",
    "output Output",
    "A time step is 0.001 s; neurons fire above the thresholds in the file",
  ]);
  const { state, model } = decodeCheckpoint(await Deno.readFile(trained.checkpoint));
  const { network, parameters, input, dt } = fromNir(await decodeNir(await Deno.readFile(file)));
  assertEquals(dt, 0.001);
  assertEquals(input, model!.input);
  assertEquals(parameters, new Map(state.parameters));
  const kinds = (network: LayerJson) => (network.layers as LayerJson[]).map(({ kind }) => kind);
  assertEquals(kinds(network.toJSON()), kinds(model!.network));
});

Deno.test("export refuses what NIR can't say, and options that go with NIR alone", async () => {
  await using trained = await trainedRun("-T 6 -b 2 --soft-reset");
  const { error } = await run(1, "export", trained.checkpoint, `${trained.folder}/net.nir`);
  assertStringIncludes(error, "layer 2 (LifNode) has a soft reset");
  const { error: usage } = await run(2, "export", trained.checkpoint, "a.safetensors", "--dt", "1");
  assertStringIncludes(usage, "goes with a FILE that ends in .nir");
});

Deno.test("info shows the adapter, its limits and the versions", async () => {
  const json = await Deno.makeTempFile();
  const { out } = await run(0, "info", "--json", json);
  const { adapter, found, limits, versions, others } = await readJson(json);
  await Deno.remove(json);
  assertEquals(versions.deno, Deno.version.deno);
  assert(limits.maxBufferSize >= 2 ** 28 && Array.isArray(others));
  assertEquals(found === "hardware", !adapter.software);
  assertStringIncludes(out, `Adapter     ${adapter.name}\n`);
  assertEquals(
    out.includes("computes on the processor") || out.includes("lavapipe"),
    adapter.software,
  );
});

Deno.test("a checkpoint that is missing or damaged ends a command with a line", async () => {
  await using trained = await trainedRun();
  const { folder, checkpoint } = trained;
  const bytes = await Deno.readFile(checkpoint);
  const decoded = decodeCheckpoint(bytes);
  const { state, options } = decoded;
  const [weight] = [...state.parameters.values()];
  const { tau: _, ...incomplete } = options;
  const renamed = new Map([["weight", weight!]]);
  const files: [name: string, bytes: Uint8Array | undefined, message: string][] = [
    ["absent", undefined, ": there is no such file"],
    [".", undefined, ": it is a folder"],
    ["truncated", bytes.subarray(0, -1), "truncated"],
    ["text", new TextEncoder().encode("no checkpoint, only text"), "safetensors"],
    ["plain", encodeSafetensors(state.parameters), "format"],
    ["wrong", encodeCheckpoint({ state, options: { ...options, tau: 0.5 } }), "--tau must be"],
    ["incomplete", encodeCheckpoint({ state, options: incomplete }), "it has no --tau"],
    ["unknown", encodeCheckpoint({ state, options: { ...options, x: 1 } }), 'no option "x"'],
    [
      "deeper",
      encodeCheckpoint({ state, options: { ...options, hidden: [5] } }),
      'its network needs weights "layer.1.weight" of [5, 36]: they are [3, 36]',
    ],
    [
      "nameless",
      encodeCheckpoint({ state: { ...state, parameters: renamed }, options }),
      "it has no weights",
    ],
  ];
  for (const [name, content, message] of files) {
    const path = name === "." ? folder : `${folder}/${name}.safetensors`;
    if (content) await Deno.writeFile(path, content);
    for (const args of [["evaluate", path], ["classify", path]]) {
      const { out, error } = await run(1, ...args);
      assertEquals(out, "");
      // The device may have been opened, with a line about it.
      const line = error.trimEnd().split("\n").at(-1)!;
      assert(line.startsWith("error: Cannot ") && line.includes(path), `${name}: ${line}`);
      assertStringIncludes(line, message);
    }
  }
});

Deno.test("a data set that doesn't fit the network is refused", async () => {
  await using trained = await trainedRun();
  const { checkpoint, folder } = trained;
  // The pictures of 6 x 6 become half as high, and twice as many.
  for (const name of ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"]) {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    const view = new DataView(bytes.buffer);
    view.setUint32(4, 2 * view.getUint32(4));
    view.setUint32(8, 3);
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
  for (const name of ["train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"]) {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    const labels = bytes.subarray(8);
    await Deno.writeFile(`${folder}/${name}`, idxFile([2 * labels.length], [...labels, ...labels]));
  }
  const { error } = await run(1, "evaluate", checkpoint);
  assertEquals(
    error,
    `error: Cannot use "${checkpoint}" with "${folder}" as it was trained for pictures of 6 ` +
      "x 6 and 3 classes: they have 3 x 6 and 3\n",
  );
});

Deno.test("a command is a process whose results are on standard output", async () => {
  await using trained = await trainedRun();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "cli.ts", "classify", trained.checkpoint],
    cwd: new URL("../..", import.meta.url),
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const out = new TextDecoder().decode(stdout);
  assertMatch(out, /^Test picture 0: answer \d, /);
  assert(!out.includes("\x1b"), "colours are for terminals only");
});
