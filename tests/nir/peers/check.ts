/**
 * Exchanges networks with SpikingJelly, snnTorch and Norse, and counts the spike trains that come out the same.
 * It isn't one of the tests, which need none of these programs:
 *
 *     GALVANI_PYTHON=python deno run -A tests/nir/peers/check.ts
 *
 * A row is a network: of 100 random spike trains, how many give the same spikes. Weights are multiples of 1/8,
 * so that potentials meet thresholds exactly. Last is Norse's own braille.nir, whose middle layer is recurrent.
 *
 * @module
 */

import {
  CubaLifNode,
  Dropout,
  Gpu,
  IfNode,
  LifNode,
  Linear,
  ParametricLifNode,
  Sequential,
} from "../../../mod.ts";
import type { Layer } from "../../../src/extend.ts";
import { Random } from "../../../src/core/random.ts";
import { decodeNpy, encodeNpy, type Tensor } from "../../../src/formats/mod.ts";
import { decodeNir, encodeNir, fromNir, type FromNirOptions, toNir } from "../../../src/nir/mod.ts";
import { readWithPython } from "../../readers/python.ts";
import { runOver } from "../run.ts";

const [INPUTS, HIDDEN, OUTPUTS, SAMPLES, STEPS] = [64, 32, 10, 100, 50];

/** A network: its neurons, how large weights are, and whether layers have a bias. */
type Config = readonly [neurons: () => Layer, size: number, bias: boolean];

const CONFIGS: Readonly<Record<string, Config>> = {
  "IF": [() => new IfNode(), 0.4, false],
  "IF, reset to -0.25": [() => new IfNode({ vReset: -0.25 }), 0.4, true],
  "LIF, tau 2": [() => new LifNode(), 1.2, false],
  "LIF, tau 2.7, learned": [() => new ParametricLifNode({ tau: 2.7 }), 1.4, true],
  "LIF, tau 3": [() => new LifNode({ tau: 3 }), 1.5, false],
  "LIF, tau 10": [() => new LifNode({ tau: 10 }), 3, true],
  "LIF, tau 2, input whole": [() => new LifNode({ decayInput: false }), 0.6, false],
  "LIF, tau 4, input whole": [() => new LifNode({ tau: 4, decayInput: false }), 0.5, true],
  "LIF, reset to -0.5": [() => new LifNode({ vReset: -0.5 }), 1.2, false],
  "LIF, reset to 0.25": [() => new LifNode({ vReset: 0.25, vThreshold: 0.875 }), 1.2, true],
  "CubaLIF": [() => new CubaLifNode({ tauSyn: 2, tauMem: 4 }), 0.7, false],
  "CubaLIF, tau_syn 4": [() => new CubaLifNode({ tauSyn: 4, tauMem: 2 }), 0.5, true],
};

/** How networks of each program are read. */
const READ: Readonly<Record<string, FromNirOptions>> = {
  spikingjelly: { fires: "at" },
  snntorch: {},
  // It writes a soft reset as a hard one.
  snntorch_default: { softReset: "delayed" },
  // Its times are too short by its own dt, 2^-10.
  norse: { dt: 2 ** -20 },
};

const random = new Random(7);
const chance = () => random.word() / 2 ** 32;

/** Spikes, `[samples, T, inputs]`: each sample has a rate of its own. */
function spikeTrains(): Tensor {
  const data = new Uint8Array(SAMPLES * STEPS * INPUTS);
  for (let s = 0; s < SAMPLES; s++) {
    const rate = 0.1 + 0.4 * chance();
    for (let i = 0; i < STEPS * INPUTS; i++) {
      data[s * STEPS * INPUTS + i] = Number(chance() < rate);
    }
  }
  return { shape: [SAMPLES, STEPS, INPUTS], data };
}

function networkOf([neurons, size, bias]: Config) {
  const eighths = (largest: number, ...shape: number[]): Tensor => ({
    shape,
    data: Float32Array.from(
      { length: shape.reduce((a, b) => a * b) },
      () => Math.round((chance() * 1.5 - 0.5) * largest * 8) / 8,
    ),
  });
  const network = new Sequential([
    new Linear(INPUTS, HIDDEN, { bias }),
    neurons(),
    new Dropout(0.3),
    new Linear(HIDDEN, OUTPUTS, { bias }),
    neurons(),
  ]);
  const parameters = new Map([
    ["layer.0.weight", eighths(0.35 * size, HIDDEN, INPUTS)],
    ["layer.3.weight", eighths(0.55 * size, OUTPUTS, HIDDEN)],
  ]);
  if (bias) {
    parameters.set("layer.0.bias", eighths(0.35 * size, HIDDEN));
    parameters.set("layer.3.bias", eighths(0.55 * size, OUTPUTS));
  }
  for (const at of [1, 4]) {
    const layer = network.layers[at];
    if (layer instanceof ParametricLifNode) {
      const w = -Math.log(Number(layer.tau) - 1);
      parameters.set(`layer.${at}.w`, { shape: [], data: new Float32Array([w]) });
    }
  }
  return { network, parameters, input: [INPUTS] };
}

/** `[a, b, ...]` as `[b, a, ...]`, of three dimensions. */
function turned({ shape, data }: Tensor): Tensor {
  const [a, b, size] = shape as [number, number, number];
  const values = Float32Array.from({ length: data.length }, (_, at) => {
    const [i, j] = [Math.floor(at / size) % a, Math.floor(at / size / a)];
    return Number(data[(i * b + j) * size + at % size]);
  });
  return { shape: [b, a, size], data: values };
}

const folder = await Deno.makeTempDir();
try {
  using gpu = await Gpu.request();
  const spikes = spikeTrains();
  await Deno.writeFile(`${folder}/in.npy`, encodeNpy(spikes.data, spikes.shape));
  const steps = turned(spikes);
  const spikesOf = async (network: Parameters<typeof runOver>[1]) =>
    turned({
      shape: [STEPS, SAMPLES, OUTPUTS],
      data: Float32Array.from(await runOver(gpu, network, steps)),
    });

  for (const [name, config] of Object.entries(CONFIGS)) {
    const made = networkOf(config);
    const graph = toNir(made.network, made.parameters, { input: made.input, dt: 1e-4 });
    await Deno.writeFile(`${folder}/${name}.nir`, encodeNir(graph));
    const { shape, data } = await spikesOf(made);
    await Deno.writeFile(
      `${folder}/${name}.npy`,
      encodeNpy(Uint8Array.from(data as Float32Array), shape),
    );
  }
  const ours = await readWithPython("../nir/peers/run.py", "run", folder);
  console.log("Networks of Galvani, in:");
  console.table(ours);

  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".nir")) await Deno.remove(`${folder}/${name}`);
  }
  await readWithPython("../nir/peers/run.py", "write", folder);
  const theirs: Record<string, { same: number; spikes: number }> = {};
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  for (const file of files.filter((file) => file.endsWith(".nir")).sort()) {
    const name = file.replace(/\.nir$/, "");
    const graph = await decodeNir(await Deno.readFile(`${folder}/${file}`), { name: file });
    const { data } = await spikesOf(fromNir(graph, READ[name.split("-")[0]!]!));
    const wanted = decodeNpy(await Deno.readFile(`${folder}/${name}.npy`)).data;
    const size = STEPS * OUTPUTS;
    const isSame = (sample: number) => {
      for (let i = sample * size; i < (sample + 1) * size; i++) {
        if (Number(data[i]) !== Number(wanted[i])) return false;
      }
      return true;
    };
    theirs[name] = {
      same: Array.from({ length: SAMPLES }, (_, sample) => sample).filter(isSame).length,
      spikes: Array.from(wanted as ArrayLike<number>).reduce((sum, spike) => sum + spike, 0),
    };
  }
  console.log("Networks of others, in Galvani:");
  console.table(theirs);

  await readWithPython("../nir/peers/run.py", "braille", folder);
  const array = async (name: string) => decodeNpy(await Deno.readFile(`${folder}/${name}.npy`));
  const bytes = await Deno.readFile(`${folder}/braille.nir`);
  const graph = await decodeNir(bytes, { name: "braille.nir" });
  const braille = fromNir(graph, { dt: 1e-4, feedbackBias: "later" });
  const x = turned(await array("braille-in"));
  const [made, wanted] = [await runOver(gpu, braille, x), turned(await array("braille"))];
  const differ = made.filter((spike, i) => spike !== wanted.data[i]).length;
  console.log(`braille.nir of Norse: ${differ} of ${made.length} outputs differ`);
} finally {
  await Deno.remove(folder, { recursive: true });
}
