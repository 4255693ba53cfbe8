/** Networks and weights of other programs become checkpoints. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import type { LayerJson } from "../../src/core/layer.ts";
import { decodeNir, fromNir } from "../../src/nir/mod.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import type { Tensor } from "../../src/formats/tensor.ts";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import { run } from "./run.ts";
import { trainedRun } from "./trained_run.ts";

async function evaluated(path: string, ...args: string[]) {
  const json = `${path}.json`;
  await run(0, "evaluate", path, ...args, "--json", json);
  const { accuracy, confusion, loss, answers } = JSON.parse(await Deno.readTextFile(json));
  return { accuracy, confusion, loss, answers };
}

Deno.test("a network goes out as NIR and comes back the same, and is trained on", async () => {
  await using trained = await trainedRun();
  const { folder, checkpoint } = trained;
  const [file, again] = [`${folder}/net.nir`, `${folder}/again.safetensors`];
  await run(0, "export", checkpoint, file, "--dt", "1e-3");
  const data = ["--dataset-dir", folder];
  const { out } = await run(0, "import", file, again, "-T", "6", "-b", "2", ...data);
  assertStringIncludes(out, "A time step is 0.001 s; neurons fire above the thresholds");
  assertEquals(await evaluated(again), await evaluated(checkpoint));

  const before = decodeCheckpoint(await Deno.readFile(again));
  assertEquals([before.state.epoch, before.options["network"]], [0, "net.nir"]);
  const { out: epochs } = await run(0, "train", "--resume", again, "-N", "1", "--log-dir", folder);
  assertMatch(epochs, /^Epoch 1\/1: /);
  const after = `${folder}/T6_b2_adam_lr0.001_networknet.nir/checkpoint_latest.safetensors`;
  const { model, state } = decodeCheckpoint(await Deno.readFile(after));
  assertEquals([model!.network, state.epoch], [before.model!.network, 1]);
  const { error } = await run(2, "train", "--network", "net.nir");
  assertStringIncludes(error, "option --network names a file: ");
});

Deno.test("the bias of feedback is there at the first step, unless it is said to be later", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = fileURLToPath(new URL("../goldens/nir/norse-recurrent.nir", import.meta.url));
    const imported = async (...args: string[]) => {
      const to = `${folder}/net.safetensors`;
      await run(0, "import", file, to, "-T", "6", ...args);
      return decodeCheckpoint(await Deno.readFile(to)).model!.network;
    };
    const always = await imported();
    const later = fromNir(await decodeNir(await Deno.readFile(file)), { feedbackBias: "later" });
    const { layers } = later.network.toJSON();
    assertEquals(await imported("--feedback-bias", "later"), {
      kind: "Sequential",
      layers: [{ kind: "Flatten" }, ...layers as LayerJson[]],
    });
    assertEquals(await imported("--feedback-bias", "always"), always);
    assertNotEquals(await imported("--feedback-bias", "later"), always);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The trained weights as a program of snnTorch would have them. */
async function leakyFile(
  folder: string,
  checkpoint: string,
  constants: Record<string, number>,
): Promise<string> {
  const { parameters } = decodeCheckpoint(await Deno.readFile(checkpoint)).state;
  const scalar = (value: number): Tensor => ({ shape: [], data: new Float32Array([value]) });
  const path = `${folder}/leaky.safetensors`;
  const tensors = new Map([
    ["fc.weight", parameters.get("layer.1.weight")!],
    ...Object.entries(constants).map(([name, value]) =>
      [`lif.${name}`, scalar(value)] as [string, Tensor]
    ),
  ]);
  await Deno.writeFile(path, encodeSafetensors(tensors));
  return path;
}

Deno.test("weights of the same shapes whose names have no order are refused without one", async () => {
  await using trained = await trainedRun("-T 6 -b 2 --hidden 4,4,4");
  const { folder, checkpoint } = trained;
  const { parameters } = decodeCheckpoint(await Deno.readFile(checkpoint)).state;
  // Linear layers stand at every other place.
  const names = { start: 1, wide: 3, narrow: 5, end: 7 };
  const tensors = Object.entries(names).flatMap(([name, layer]) =>
    ["weight", "bias"].map((leaf): [string, Tensor] => [
      `${name}.${leaf}`,
      parameters.get(`layer.${layer}.${leaf}`)!,
    ])
  );
  const file = `${folder}/words.safetensors`;
  await Deno.writeFile(file, encodeSafetensors(new Map(tensors)));
  const again = `${folder}/again.safetensors`;
  const args = ["--dataset-dir", folder, "-T", "6", "-b", "2", "--hidden", "4,4,4"];
  const { error } = await run(1, "import", file, again, ...args);
  assertStringIncludes(
    error,
    '"narrow" and "wide" have the same shapes, and their names don\'t say',
  );
  await run(0, "import", file, again, ...args, "--order", "wide,narrow");
  assertEquals(await evaluated(again), await evaluated(checkpoint));
  await run(0, "import", file, again, ...args, "--order", "narrow,wide");
  const { parameters: swapped } = decodeCheckpoint(await Deno.readFile(again)).state;
  assertEquals(swapped.get("layer.3.weight"), parameters.get("layer.5.weight"));
  const { error: nir } = await run(2, "import", "a.nir", again, "--order", "a,b");
  assertStringIncludes(nir, "option --order is for files of weights");
});

Deno.test("weights find their layers, and constants of snnTorch must be those of the options", async () => {
  await using trained = await trainedRun("-T 6 -b 2 --lr 5e-2 --tau 10 --no-decay-input");
  const { folder, checkpoint } = trained;
  const again = `${folder}/again.safetensors`;
  const data = ["--dataset-dir", folder, "-T", "6", "-b", "2"];
  const saved = { threshold: 1, beta: 0.9, graded_spikes_factor: 1, reset_mechanism_val: 1 };
  const file = await leakyFile(folder, checkpoint, saved);
  const options = [...data, "--tau", "10", "--no-decay-input"];
  const { out } = await run(0, "import", file, again, ...options);
  assertStringIncludes(out, "layer.1.weight [3, 36], which is fc.weight there\nNote: snnTorch's ");
  assertEquals(await evaluated(again), await evaluated(checkpoint));

  const refused: [constants: Record<string, number>, args: string[], message: string][] = [
    [saved, data, '"lif.beta" is 0.9: that is --tau 10'],
    [saved, [...data, "--tau", "10"], '"lif" adds its input whole: that is --no-decay-input'],
    [
      saved,
      [...data, "--neuron", "if"],
      '"lif" has the constants of a Leaky: that is --neuron lif',
    ],
    [{ ...saved, threshold: 0.5 }, options, "that is --v-threshold 0.5"],
    [
      { ...saved, reset_mechanism_val: 0 },
      options,
      'that is "subtract": --soft-reset --reset-delay',
    ],
    [{ ...saved, reset_mechanism_val: 2 }, options, 'that is "none": neurons reset here'],
    [{ ...saved, graded_spikes_factor: 2 }, options, "spikes are 1 here"],
    [saved, [...options, "--hidden", "5"], 'it has nothing for "layer.1.weight" [5, 36]'],
  ];
  for (const [constants, args, message] of refused) {
    const file = await leakyFile(folder, checkpoint, constants);
    const { error } = await run(1, "import", file, `${folder}/none.safetensors`, ...args);
    assertStringIncludes(error, message);
    assert(error.includes(file), error);
  }
  const soft = await leakyFile(folder, checkpoint, { ...saved, reset_mechanism_val: 0 });
  const subtracts = [...options, "--soft-reset"];
  const { out: atOnce } = await run(0, "import", soft, again, ...subtracts);
  assertStringIncludes(atOnce, "subtracts the threshold in the next step: that is --reset-delay");
  const { out: delayed } = await run(0, "import", soft, again, ...subtracts, "--reset-delay");
  assert(!delayed.includes("--reset-delay"), delayed);
  const { network } = decodeCheckpoint(await Deno.readFile(again)).model!;
  const { vReset, resetDelay, detachReset } = (network as LayerJson & { layers: LayerJson[] })
    .layers.at(-1)!;
  assertEquals([vReset, resetDelay, detachReset], [null, true, true]);
});

Deno.test("what import can't read or isn't told is refused", async () => {
  await using trained = await trainedRun();
  const { folder, checkpoint } = trained;
  const file = `${folder}/net.nir`;
  await run(0, "export", checkpoint, file);
  const wrong: [code: number, args: string[], message: string][] = [
    [2, ["weights.pt", "b"], 'argument FILE must end in .nir or .safetensors: given "weights.pt"'],
    [2, [file, "b", "--tau", "3"], "option --tau goes with a FILE that ends in .safetensors"],
    [2, [checkpoint, "b", "--dt", "1"], "option --dt goes with a FILE that ends in .nir"],
    [2, [checkpoint, "b", "--feedback-bias", "later"], "option --feedback-bias goes with a FILE"],
    [2, [file, "b", "--feedback-bias", "never"], "must be always or later"],
    [1, [`${folder}/no.nir`, "b"], "there is no such file"],
    [1, [file, `${folder}/none/b`], "Cannot write"],
    [1, [file, "b", "--dt", "1"], "is dt, 1 s, the file's?"],
  ];
  for (const [code, args, message] of wrong) {
    const { out, error } = await run(code, "import", ...args);
    assertStringIncludes(error, message);
    if (code === 2) assertEquals(out, "");
  }
  const plain = decodeSafetensors(await Deno.readFile(checkpoint)).tensors;
  assertEquals([...plain.keys()], ["layer.1.weight"]);
});
