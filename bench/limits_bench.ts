/**
 * What bounds a step of the tutorial's network (784-10, T 100, batch 128), alone: the additions of weights
 * and of gradients where a pixel spikes, in registers; and the additions to the gradient in memory. As
 * many as there are in a step if 150 pixels of a picture are lit, as in MNIST. One iteration is the
 * stated number of such steps in one submit; what `linear/event_step` takes for both and for all that they
 * need, `cli.ts bench` shows.
 */

import { Gpu } from "../mod.ts";
import gradientAdditions from "./limits/gradient_additions.wgsl" with { type: "text" };
import maskedAdditions from "./limits/masked_additions.wgsl" with { type: "text" };
import { benchDispatch } from "./support.ts";

const BATCH = 128;
const STEPS = 100;
const FEATURES = 784;
const CLASSES = 10;
const LIT = 150;
/** Outputs of a lane: more would not fit the registers. */
const OWN = 5;
const PARTS = CLASSES / OWN;

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
