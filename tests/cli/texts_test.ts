/** What results look like, in terminals and elsewhere. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { classificationText } from "../../src/cli/text/classification_text.ts";
import { evaluationText } from "../../src/cli/text/evaluation_text.ts";
import { fitPicture } from "../../src/cli/network/fit_picture.ts";
import { infoText } from "../../src/cli/text/info_text.ts";
import type { Information } from "../../src/cli/device/information.ts";
import type { Terminal } from "../../src/cli/text/terminal.ts";
import { writeJson } from "../../src/cli/run/write_json.ts";

const FILE: Terminal = { columns: Infinity, colors: false };

const EVALUATION = {
  epoch: 4,
  accuracy: 0.975,
  loss: 0.0123456,
  answers: new Uint32Array(40),
  confusion: new Uint32Array([20, 0, 0, 1, 18, 0, 0, 1, 0]),
  firing: [
    {
      layer: "layer.2",
      kind: "LifNode",
      rates: new Float32Array(800),
      meanRate: 0.123456,
      silent: 17,
      saturated: 0,
    },
    {
      layer: "layer.14",
      kind: "IfNode",
      rates: new Float32Array(3),
      meanRate: 1,
      silent: 0,
      saturated: 3,
    },
  ],
};

Deno.test("an evaluation is a line and two tables", () => {
  assertEquals(
    evaluationText(EVALUATION, FILE),
    `Accuracy 97.50 %, loss 0.01235: 40 pictures, network of epoch 4

How often each label got which answer
label    0   1   2   right
    0   20   ·   · 100.0 %
    1    1  18   ·  94.7 %
    2    ·   1   ·   0.0 %

layer              neurons  spikes a step  silent
layer.2   LifNode      800         0.1235      17
layer.14  IfNode         3         1.0000       0`,
  );
});

Deno.test("an evaluation without neurons has no table of them, an empty label no share", () => {
  const confusion = new Uint32Array([2, 0, 0, 0]);
  const text = evaluationText({ ...EVALUATION, confusion, firing: [] }, FILE);
  assert(text.endsWith("label   0  1   right\n    0   2  · 100.0 %\n    1   ·  ·"), text);
});

Deno.test("an evaluation names the classes where they have names", () => {
  const classNames = ["Coat", "Bag", "Ankle boot"];
  const lines = (columns: number) =>
    evaluationText({ ...EVALUATION, classNames, firing: [] }, { ...FILE, columns }).split("\n");
  assertEquals(lines(80).slice(3), [
    "label             0   1   2   right",
    "0 (Coat)         20   ·   · 100.0 %",
    "1 (Bag)           1  18   ·  94.7 %",
    "2 (Ankle boot)    ·   1   ·   0.0 %",
  ]);
  assertEquals(lines(20).slice(3), [
    "         label    answer  times    of it",
    "       1 (Bag)  0 (Coat)      1    5.3 %",
    "2 (Ankle boot)   1 (Bag)      1  100.0 %",
  ]);
});

Deno.test("confusions that are too wide for the terminal are listed", () => {
  const text = evaluationText({ ...EVALUATION, firing: [] }, { ...FILE, columns: 20 });
  assertEquals(text.split("\n").slice(2), [
    "Most frequent confusions",
    "label  answer  times    of it",
    "    1       0      1    5.3 %",
    "    2       1      1  100.0 %",
  ]);
});

Deno.test("colours tell right answers from wrong ones, and are left out elsewhere", () => {
  const terminal = { columns: 80, colors: true };
  const text = evaluationText(EVALUATION, terminal);
  assertStringIncludes(text, "\x1b[32m  18\x1b[39m");
  assertStringIncludes(text, "\x1b[31m   1\x1b[39m");
  // deno-lint-ignore no-control-regex
  const plain = (colored: string) => colored.replace(/\x1b\[\d+m/g, "");
  assertEquals(plain(text), evaluationText(EVALUATION, { ...terminal, colors: false }));
});

const ANSWER = {
  picture: "digit.png",
  answer: 1,
  quantity: "firing rates",
  scores: new Float32Array([0, 0.5, 0.25]),
} as const;

Deno.test("an answer has a bar for each class", () => {
  assertEquals(
    classificationText(ANSWER, { columns: 20, colors: false }),
    `digit.png: answer 1
  0 0.00
  1 0.50 █████
  2 0.25 ██▌
Firing rates: [0.00 0.50 0.25]`,
  );
  assertStringIncludes(classificationText(ANSWER, FILE), `  1 0.50 ${"█".repeat(25)}\n`);
});

Deno.test("an answer has no bars where there is no room for them", () => {
  assert(!classificationText(ANSWER, { columns: 5, colors: false }).includes("█"));
});

Deno.test("an answer is compared with the label", () => {
  const first = (label: number) => classificationText({ ...ANSWER, label }, FILE).split("\n")[0];
  assertEquals(first(1), "digit.png: answer 1, right");
  assertEquals(first(2), "digit.png: answer 1, wrong: the label is 2");
  const colored = classificationText({ ...ANSWER, label: 2 }, { columns: 20, colors: true });
  assertStringIncludes(colored, "\x1b[31m  1 0.50 █████\x1b[39m");
  assertStringIncludes(colored, "\x1b[32m  2 0.25 ██▌\x1b[39m");
});

Deno.test("an answer names the classes where they have names", () => {
  const classNames = ["Coat", "Bag", "Ankle boot"];
  assertEquals(
    classificationText({ ...ANSWER, label: 2, classNames }, { columns: 27, colors: false }),
    `digit.png: answer 1 (Bag), wrong: the label is 2 (Ankle boot)
        Coat 0.00
         Bag 0.50 ████
  Ankle boot 0.25 ██
Firing rates: [0.00 0.50 0.25]`,
  );
});

Deno.test("there is no answer where no neuron fires", () => {
  const silent = { ...ANSWER, answer: undefined, scores: new Float32Array(2) };
  const first = "digit.png: no answer, as none of the last neurons fired";
  const lines = "  0 0.00\n  1 0.00\nFiring rates: [0.00 0.00]";
  assertEquals(classificationText(silent, FILE), `${first}\n${lines}`);
  const labelled = classificationText({ ...silent, label: 1 }, FILE);
  assertEquals(labelled, `${first}: the label is 1\n${lines}`);
});

Deno.test("an evaluation says which layers never fired", () => {
  const silent = EVALUATION.firing.map((layer) => ({ ...layer, silent: layer.rates.length }));
  const last = (firing: typeof silent) =>
    evaluationText({ ...EVALUATION, firing }, FILE).split("\n").at(-1);
  assertEquals(
    last(silent),
    "No neuron of layer.2 (LifNode), layer.14 (IfNode) fired for any picture: the answers say " +
      "nothing",
  );
  assertStringIncludes(last([silent[0]!, EVALUATION.firing[1]!])!, "No neuron of layer.2 (");
});

Deno.test("values that are no rates fill the bars, those below 0 have none", () => {
  const scores = new Float32Array([-3, 8, 4]);
  assertEquals(
    classificationText({ ...ANSWER, quantity: "values", scores }, { columns: 21, colors: false }),
    `digit.png: answer 1
  0 -3.00
  1  8.00 ██████████
  2  4.00 █████
Values: [-3.00 8.00 4.00]`,
  );
});

const INFORMATION: Information = {
  adapter: { name: "llvmpipe", software: true, vendor: "Mesa", architecture: "" },
  found: "software driver of the system",
  backend: "Vulkan",
  preset: "software",
  subgroups: [8, 8],
  limits: {
    maxBufferSize: 2 ** 31 - 1,
    maxStorageBufferBindingSize: 2 ** 27,
    maxStorageBuffersPerShaderStage: 32,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupStorageSize: 49152,
  },
  features: ["shader-f16"],
  others: [],
  versions: { galvani: "1.0.0", deno: "2.9.6", v8: "15.0", typescript: "6.0.3" },
  platform: "linux x86_64",
  processors: 2,
};

Deno.test("information is a list of names and texts", () => {
  assertEquals(
    infoText(INFORMATION, FILE),
    `Adapter     llvmpipe
Found as    software driver of the system
Driver      Vulkan, Mesa
Kernels     cut for a software driver
Memory      buffers of up to 2 GiB; a kernel binds up to 32, 128 MiB of each
Workgroups  of up to 1024 lanes, which share 48 KiB; subgroups of 8
Features    timestamp-query no, subgroups no, shader-f16 yes, immediates no
Others      no other adapter
Versions    Galvani 1.0.0, Deno 2.9.6, V8 15.0, TypeScript 6.0.3
Machine     linux x86_64, 2 processors

This adapter computes on the processor: a GPU with its own Vulkan driver is faster.`,
  );
});

Deno.test("information says how to get a better adapter, where there is a better one", () => {
  const last = (changes: Partial<Information>) =>
    infoText({ ...INFORMATION, ...changes }, FILE).split("\n\n")[1];
  const gpu = { name: "RTX", software: false, vendor: "NVIDIA", architecture: "" };
  assertEquals(last({ found: "hardware" }), undefined);
  assertStringIncludes(last({ others: [gpu] })!, "--device auto takes a faster one");
  assertStringIncludes(
    last({ found: "embedded software driver" })!.replace("\n", " "),
    "apt install mesa-vulkan-drivers",
  );
  assertStringIncludes(last({ platform: "windows x86_64" })!, "a GPU with its driver");
});

Deno.test("information fits the terminal", () => {
  for (const columns of [60, 80]) {
    const text = infoText({ ...INFORMATION, found: "embedded software driver" }, {
      ...FILE,
      columns,
    });
    for (const line of text.split("\n")) assert(line.length <= columns, line);
  }
});

Deno.test("a picture is scaled by the means of areas", () => {
  const fit = (image: [width: number, height: number, ...number[]], width: number, height = 1) => {
    const [w, h, ...pixels] = image;
    const from = { width: w, height: h, pixels: new Uint8Array(pixels) };
    return [...fitPicture(from, { width, height }).pixels];
  };
  assertEquals(fit([2, 2, 1, 2, 3, 4], 2, 2), [1, 2, 3, 4]);
  assertEquals(fit([4, 2, 0, 10, 20, 30, 40, 50, 60, 70], 2, 2), [5, 25, 45, 65]);
  assertEquals(fit([1, 1, 9], 2, 2), [9, 9, 9, 9]);
  // Each of 2 pixels covers one and a half of 3.
  assertEquals(fit([3, 1, 0, 90, 240], 2, 2), [30, 190, 30, 190]);
  assertEquals(fit([3, 2, 1, 2, 3, 4, 5, 6], 3, 2), [1, 2, 3, 4, 5, 6]);
  // As many pixels, otherwise arranged, are another size.
  assertEquals(fit([4, 1, 0, 10, 20, 30], 2, 2), [5, 25, 5, 25]);
});

Deno.test("JSON has lists of numbers on one line, and texts as they are", async () => {
  const path = await Deno.makeTempFile();
  const value = { name: "[ 1 ]\n[\n1\n]", rates: new Float32Array([0.5, -1]), empty: [] };
  await writeJson(path, { ...value, rows: [new Uint32Array([1, 2]), [3]] });
  assertEquals(
    await Deno.readTextFile(path),
    `{
  "name": "[ 1 ]\\n[\\n1\\n]",
  "rates": [0.5, -1],
  "empty": [],
  "rows": [
    [1, 2],
    [3]
  ]
}
`,
  );
  await Deno.remove(path);
});
