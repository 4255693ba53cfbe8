/**
 * How kernels are cut for an adapter. Nothing else in the code knows adapters.
 *
 * @module
 */

/** The sizes that suit a kind of adapter. */
export interface Preset {
  /** Which kind: a driver that computes on the processor, or a real GPU. */
  readonly name: "software" | "gpu";
  /** How many outputs of a Linear layer a lane keeps in registers at most. */
  readonly outputsPerLane: number;
  /** How many copies of a gradient are added up in parallel. */
  readonly gradientCopies: number;
  /** Whether parameters that fit are read through a uniform buffer. */
  readonly uniformParameters: boolean;
  /** Whether what `#reads` names is copied into a texture and read there. */
  readonly textureReads: boolean;
  /** Whether a network of one layer runs as one kernel a step. */
  readonly fusesSteps: boolean;
}

const SOFTWARE: Preset = {
  name: "software",
  outputsPerLane: 5,
  gradientCopies: 8,
  uniformParameters: true,
  textureReads: true,
  fusesSteps: true,
};

/** SwiftShader compiles slowly: half of the text is worth a little of the speed. */
const SWIFTSHADER: Preset = { ...SOFTWARE, outputsPerLane: 2 };

/** How kernels are cut for real GPUs. */
export const GPU_PRESET: Preset = {
  name: "gpu",
  outputsPerLane: 2,
  gradientCopies: 32,
  uniformParameters: false,
  textureReads: false,
  fusesSteps: false,
};

/**
 * Chooses the preset for an adapter.
 *
 * @param info What the adapter says of itself.
 * @returns The preset.
 */
export function presetFor(info: GPUAdapterInfo): Preset {
  if (!info.isFallbackAdapter) return GPU_PRESET;
  return info.description.includes("SwiftShader") ? SWIFTSHADER : SOFTWARE;
}
