import * as conv from "../../../kernels/conv/mod.ts";
import * as linear from "../../../kernels/linear/mod.ts";
import type { Scope } from "../../core/scope.ts";
import { sizeOf } from "../../core/shape.ts";
import type { NumberSignal, SpikeSignal, StoredSignal } from "../../core/signal.ts";
import { timeQuads } from "../../core/time.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import type { TemplateValues } from "../../gpu/template.ts";
import type { Product } from "./product.ts";

/** Lanes of a workgroup in `kernels/conv/pack.wgsl`. */
const LANES = 64;
/** Quads of time steps of one channel in a texel of packed spikes: 128 bits. */
const TEXEL_QUADS = 32;

/** How a product reads its input. */
export interface ProductInput {
  /** WGSL that reads it. */
  readonly text: string;
  /** What is bound to its `input`. */
  readonly source: GPUBuffer;
  /** Quads of time steps that are read at once. */
  readonly blockQuads: number;
  /** How many runs of features a row has. */
  readonly runs: number;
  /** Features of a run, rounded up to a multiple of 4. */
  readonly runFeatures: number;
  /** Channels of a run, where spikes are packed by place. */
  readonly channels?: number;
  /** Fours of features of a row. */
  readonly fours: number;
  /** Values of the WGSL. */
  readonly values: TemplateValues;
}

/**
 * What reads the input of a product.
 *
 * @param scope The layer's view of the program.
 * @param input The signal.
 * @param product The product.
 * @param options Whether the spikes of a time step are read at the next one; of a contiguous product only.
 * @returns What reads it, after kernels that lay it out so that it is read fast.
 */
export async function productInput(
  scope: Scope,
  input: StoredSignal,
  product: Product,
  { delayed = false }: { readonly delayed?: boolean } = {},
): Promise<ProductInput> {
  if (input.kind === "spikes" && !product.contiguous) return await packed(scope, input, product);
  const source = input.kind === "spikes"
    ? input.spikes
    : input.over === "constant" && !product.contiguous
    ? await foursOfSamples(scope, input)
    : input.values;
  const spikes = input.kind === "spikes";
  // Two quads of spikes lie in one word, which is read once.
  const blockQuads = spikes ? Math.min(2, timeQuads(scope.timeSteps)) : 1;
  const runs = Math.ceil(product.taps * product.tapFeatures / 4);
  return {
    text: spikes
      ? linear.readSpikes
      : input.over === "constant"
      ? linear.readConstant
      : linear.readDense,
    source,
    blockQuads,
    runs,
    runFeatures: 4,
    fours: runs,
    values: { blockQuads, runs, runFours: 1, delayed },
  };
}

/** Packs spikes by place: what is under a tap of a kernel then takes one load for many channels. */
async function packed(
  scope: Scope,
  input: SpikeSignal,
  { groups, taps, tapFeatures, inputPlaces }: Product,
): Promise<ProductInput> {
  const { batchSize, timeSteps } = scope;
  const quads = timeQuads(timeSteps);
  const blockQuads = Math.min(2, quads);
  const blocks = Math.ceil(quads / blockQuads);
  const texelFeatures = TEXEL_QUADS / blockQuads;
  const texels = Math.ceil(tapFeatures / texelFeatures);
  const words = blocks * batchSize * inputPlaces * groups * texels * 4;
  const packed = scope.buffer(words * 4, "packed spikes");
  await scope.run("forward", {
    name: "conv/pack",
    texts: [conv.pack],
    values: {
      constant: false,
      numbers: batchSize * groups * tapFeatures * inputPlaces,
      batch: batchSize,
      places: inputPlaces,
      channels: tapFeatures,
      groups,
      texels,
      blocks,
      blockQuads,
      blockMask: 2 ** (4 * blockQuads) - 1,
    },
    resources: { spikes: input.spikes, packed },
    workgroups: workgroupsFor(words, LANES),
  });
  const runs = taps * texels;
  return {
    text: conv.readPacked,
    source: packed,
    blockQuads,
    runs,
    runFeatures: Math.min(texelFeatures, Math.ceil(tapFeatures / 4) * 4),
    channels: Math.min(texelFeatures, tapFeatures),
    fours: taps * Math.ceil(tapFeatures / 4),
    values: { blockQuads, runs, runFours: texelFeatures / 4, texels },
  };
}

/** Puts numbers that are the same at each time step side by side for four samples, which are read at once. */
async function foursOfSamples(scope: Scope, { shape, values }: NumberSignal): Promise<GPUBuffer> {
  const { batchSize } = scope;
  const size = sizeOf(shape);
  const numbers = Math.ceil(batchSize / 4) * size;
  const packed = scope.buffer(numbers * 16, "packed numbers");
  await scope.run("forward", {
    name: "conv/pack",
    texts: [conv.pack],
    values: { constant: true, numbers, size, batch: batchSize },
    resources: { values, packed },
    workgroups: workgroupsFor(numbers, LANES),
  });
  return packed;
}
