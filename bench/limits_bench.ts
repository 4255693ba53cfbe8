/**
 * What bounds kernels, alone. One iteration is the stated number of runs in one submit; what the kernels
 * themselves take, `cli.ts bench` shows.
 *
 * Of a step of the tutorial's network (784-10, T 100, batch 128): the additions of weights and of
 * gradients where a pixel spikes, in registers; and the additions to the gradient in memory. As many as
 * there are in a step if 150 pixels of a picture are lit, as in MNIST.
 *
 * Of products of matrices on software drivers: what it takes to load a number, by what it is read through.
 *
 * Of LIF neurons: what they read and write, and what they compute if the current is the same at each time
 * step, so that there is next to nothing to read.
 */

import { includes } from "../kernels/includes.ts";
import { Gpu } from "../mod.ts";
import gradientAdditions from "./limits/gradient_additions.wgsl" with { type: "text" };
import loads from "./limits/loads.wgsl" with { type: "text" };
import maskedAdditions from "./limits/masked_additions.wgsl" with { type: "text" };
import neuronMemory from "./limits/neuron_memory.wgsl" with { type: "text" };
import { compileNeuronPair } from "../src/cli/bench/neuron_pair.ts";
import { timeQuads } from "../src/extend.ts";
import { benchDispatch } from "./support.ts";

const BATCH = 128;
const STEPS = 100;
const FEATURES = 784;
const CLASSES = 10;
const LIT = 150;
/** Outputs of a lane: more would not fit the registers. */
const OWN = 5;
const PARTS = CLASSES / OWN;
const NEURONS = 65536;
/** Lanes that load, fours of numbers that each loads, and of how many: 64 KB, which a uniform buffer holds. */
const LOADING = { lanes: 2048, loads: 1024, fours: 4096 };

const gpu = await Gpu.request();
const { selectsSpikes, gradientCopies } = gpu.preset;

{
  // A lane for each picture and part, which adds each of its pixels forward and back.
  const lanes = BATCH * PARTS;
  const kernel = await gpu.compile({
    name: "limits/masked_additions",
    texts: [maskedAdditions],
    values: { lanes, pixels: 2 * LIT, steps: STEPS, own: OWN, selectsSpikes },
  });
  const weights = gpu.createBuffer(8 * 4, "weights");
  gpu.write(weights, Float32Array.from({ length: 8 }, (_, i) => i / 8));
  const sums = gpu.createBuffer(lanes * 4, "sums");
  const millions = lanes * 2 * LIT * STEPS * OWN / 1e6;
  await benchDispatch(gpu, await kernel.bind({ weights, sums }, [Math.ceil(lanes / 8)]), {
    name: `${millions} million masked additions in registers`,
  });
}
{
  // A lane for each copy of the gradient and part, which adds the pixels of its pictures.
  const lanes = gradientCopies * PARTS;
  const pixels = BATCH / gradientCopies * LIT;
  const kernel = await gpu.compile({
    name: "limits/gradient_additions",
    texts: [gradientAdditions],
    values: { lanes, pixels, features: FEATURES, own: OWN },
  });
  const gradient = gpu.createBuffer(lanes * FEATURES * OWN * 4, "gradient");
  const thousands = lanes * pixels * OWN / 1e3;
  await benchDispatch(gpu, await kernel.bind({ gradient }, [Math.ceil(lanes / 8)]), {
    name: `${thousands} thousand additions to a gradient in memory`,
  });
}
{
  const { lanes, loads: each, fours } = LOADING;
  const parameters = gpu.createBuffer(fours * 16, "numbers");
  const sums = gpu.createBuffer(lanes * 16, "sums");
  const ways = {
    "a storage buffer": {},
    "a uniform buffer": { uniformParameters: true },
    "a sampled texture": { textureReads: true, storageTextures: false },
    "a storage texture": { textureReads: true, storageTextures: true },
  };
  for (const [way, values] of Object.entries(ways)) {
    const kernel = await gpu.compile({
      name: "limits/loads",
      texts: [loads],
      values: {
        ...{ parameterQuads: fours, outputs: 4, loads: each },
        ...{ uniformParameters: false, textureReads: false, ...values },
      },
      includes,
    });
    await benchDispatch(gpu, await kernel.bind({ parameters, sums }, [lanes / 8]), {
      name: `${lanes * each * 4 / 1e6} million numbers loaded through ${way}`,
      group: "loads",
    });
  }
}
{
  const pair = await compileNeuronPair(gpu, { neurons: NEURONS, timeSteps: STEPS }, []);
  const layer = `${NEURONS} neurons, T ${STEPS}`;
  for (const writes of [false, true]) {
    const kernel = await gpu.compile({
      name: "limits/neuron_memory",
      texts: [neuronMemory],
      values: { neurons: NEURONS, quads: timeQuads(STEPS), writes },
      includes,
    });
    const sums = gpu.createBuffer(NEURONS * 4, "sums");
    const dispatch = await kernel.bind({ current: pair.current, sums }, [NEURONS / 64]);
    const what = writes ? "the current read and written over" : "the current read";
    await benchDispatch(gpu, dispatch, { name: `${layer}: ${what}` });
  }
  const run = { neurons: NEURONS, timeSteps: STEPS, constantCurrent: true };
  const { kernels } = await compileNeuronPair(gpu, run, ["constant"]);
  for (const { name, dispatch } of kernels) {
    await benchDispatch(gpu, dispatch, { name: `${layer}: ${name}, computed only` });
  }
}
