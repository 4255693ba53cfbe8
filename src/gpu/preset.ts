/**
 * How kernels are cut for an adapter. Nothing else in the code knows adapters.
 *
 * @module
 */

import { isSoftwareAdapter } from "./adapters.ts";

/** The sizes that suit a kind of adapter. */
export interface Preset {
  /** Which kind: a driver that computes on the processor, or a real GPU. */
  readonly name: "software" | "gpu";
  /** Lanes of a workgroup of products of matrices, Linear layers and convolutions: a vector of the processor, or some. */
  readonly lanes: number;
  /** How many outputs of a Linear layer on spike events a lane, or a workgroup, computes at most. */
  readonly outputsPerLane: number;
  /** What a lane of a Linear layer on other signals keeps in registers. */
  readonly tile: Tile;
  /** What the lanes of a workgroup share of a large product of matrices, if they share any. */
  readonly workgroupTile?: WorkgroupTile;
  /** How many copies of a gradient are added up in parallel. */
  readonly gradientCopies: number;
  /** How many lanes share the sum of so many copies or more, a power of 2. */
  readonly gradientSharers: number;
  /** Lanes of a workgroup that draws the spikes of a sample. */
  readonly encoderLanes: number;
  /** Bytes of lists of pixels that stay on the device from chunk to chunk, if there are as many. */
  readonly keptPixelBytes: number;
  /** Whether parameters that fit are read through a uniform buffer. */
  readonly uniformParameters: boolean;
  /** Whether what `#reads` names is copied into a texture and read there. */
  readonly textureReads: boolean;
  /** Whether it is where each number is read just once, too, as it is where a kernel's caller doesn't say. */
  readonly textureReadsOnce: boolean;
  /** Whether kernels read textures as storage textures, not as sampled ones. */
  readonly storageTextures: boolean;
  /** Whether what a spike lets through is selected, not multiplied (`linear/spike_factor.wgsl`). */
  readonly selectsSpikes: boolean;
  /** Whether random numbers are shifted through f32 (`lib/random.wgsl`). */
  readonly shiftsByFloats: boolean;
  /** Whether loops whose turns are known are kept from being written out (`lib/turns.wgsl`). */
  readonly keepsTurns: boolean;
  /** Whether a workgroup shares a sample's spike events, of which a lane else takes all. */
  readonly sharesSamples: boolean;
}

/** What a lane keeps in registers at most. */
export interface Tile {
  /** Rows times quads of time steps of the output. */
  readonly rowQuads: number;
  /** Outputs. */
  readonly outputs: number;
  /** Fours of features of the weights' gradient. */
  readonly fours: number;
  /** Rows of the input's gradient. */
  readonly rows: number;
  /** Features of the input's gradient. */
  readonly features: number;
  /** The same where a lane's rows are neighbours on a line of a picture. */
  readonly lineFeatures: number;
  /** Those rows: with more, fewer features. */
  readonly lineRows: number;
  /** Outputs of the weights' gradient where a lane's taps lie on a line of a kernel, at most; 0 if they needn't. */
  readonly lineOutputs: number;
  /** How many lanes it takes to keep the adapter busy: with fewer, they get smaller tiles. */
  readonly lanes: number;
}

/**
 * How the lanes of a workgroup share a product of matrices: those beside each other have other rows and the
 * same outputs, so that they load and store numbers that lie beside each other.
 */
export interface WorkgroupTile {
  /** Lanes along the rows. */
  readonly rowLanes: number;
  /** Lanes along the outputs, or the features of the input's gradient, at most. */
  readonly columnLanes: number;
  /** Rows times quads of time steps of a lane at most. */
  readonly rowQuads: number;
  /** Outputs, or features of the input's gradient, of a lane: a multiple of 4. */
  readonly columns: number;
  /**
   * Fours of what is summed up that lie in workgroup memory at a time; for the weights' gradient, twice as many
   * quads of rows.
   */
  readonly fours: number;
  /** How many lanes it takes to keep the adapter busy: with fewer, they get fewer rows. */
  readonly lanes: number;
}

const SMALL_TILE: Tile = {
  rowQuads: 4,
  outputs: 4,
  fours: 2,
  rows: 4,
  features: 4,
  lineFeatures: 4,
  lineRows: 4,
  // Where a load costs little, unpacking spikes for fewer outputs costs more: SwiftShader takes 1.4 times as long.
  lineOutputs: 0,
  lanes: 128,
};

/** A workgroup is one vector of the processor, so that all its cores get work. */
const SOFTWARE: Preset = {
  name: "software",
  lanes: 8,
  outputsPerLane: 5,
  // Loops of 10 to 20 KB: twice as long they load less and take as long, as code then comes from beyond the first
  // cache, and compile 1.3 times as long (Zen 3, `bench/linear_bench.ts`, `bench/conv_bench.ts`).
  tile: {
    rowQuads: 8,
    outputs: 8,
    fours: 4,
    rows: 4,
    features: 16,
    lineFeatures: 32,
    lineRows: 16,
    lineOutputs: 4,
    lanes: 128,
  },
  gradientCopies: 8,
  gradientSharers: 1,
  encoderLanes: 32,
  // Memory is the program's, which has the images already.
  keptPixelBytes: 0,
  uniformParameters: true,
  textureReads: true,
  // Processors without AVX-512 gather slowly: 784-800-10 takes 30 ms a step by textures, and 56 without (Zen 3).
  textureReadsOnce: true,
  // llvmpipe looks for the size and the place of a sampled texture's level at each load: numbers of a vector of lanes
  // take 8 ns so, and 2.5 of a storage texture, beside 6 of a uniform buffer (Zen 3, `bench/limits_bench.ts`).
  storageTextures: true,
  selectsSpikes: true,
  shiftsByFloats: false,
  keepsTurns: true,
  sharesSamples: false,
};

/** llvmpipe where the processor has vectors of 512 bits, twice as many lanes. */
const WIDE: Preset = {
  ...SOFTWARE,
  // Copies of what is read once take longer than they save: 784-800-10 11.6 ms a step with them, 10.2 without (Zen 4).
  textureReadsOnce: false,
  lanes: 16,
  tile: { ...SOFTWARE.tile, fours: 8, rows: 8, lineFeatures: 16 },
};

/**
 * SwiftShader's vectors have four lanes. It compiles slowly: half of the text is worth a little of the
 * speed. A shift or a division takes the lanes of a vector one by one; reading a buffer is not worth a
 * copy.
 */
const SWIFTSHADER: Preset = {
  ...SOFTWARE,
  lanes: 4,
  tile: SMALL_TILE,
  textureReads: false,
  textureReadsOnce: false,
  // A storage texture takes 1.8 times as long there (`bench/limits_bench.ts`).
  storageTextures: false,
  selectsSpikes: false,
  shiftsByFloats: true,
  keepsTurns: false,
};

/** How kernels are cut for real GPUs. */
export const GPU_PRESET: Preset = {
  name: "gpu",
  lanes: 64,
  // So that 16 KB of workgroup memory will do for 128 time steps.
  outputsPerLane: 12,
  tile: { ...SMALL_TILE, lanes: 1 << 14 },
  // 128 sums a lane, and 10 of 16 KB of workgroup memory, so that two workgroups and more fit a multiprocessor.
  workgroupTile: {
    rowLanes: 16,
    columnLanes: 8,
    rowQuads: 4,
    columns: 8,
    fours: 2,
    lanes: 1 << 15,
  },
  gradientCopies: 32,
  gradientSharers: 16,
  encoderLanes: 256,
  keptPixelBytes: 1 << 26,
  uniformParameters: false,
  textureReads: false,
  textureReadsOnce: false,
  storageTextures: false,
  selectsSpikes: false,
  shiftsByFloats: false,
  keepsTurns: false,
  sharesSamples: true,
};

/**
 * Chooses the preset for an adapter.
 *
 * @param info What the adapter says of itself.
 * @returns The preset.
 */
export function presetFor(info: GPUAdapterInfo): Preset {
  if (!isSoftwareAdapter(info)) return GPU_PRESET;
  // Browsers leave the description empty, and name SwiftShader as the architecture.
  const names = `${info.description} ${info.architecture}`.toLowerCase();
  if (names.includes("swiftshader")) return SWIFTSHADER;
  return names.includes("512 bits") ? WIDE : SOFTWARE;
}
