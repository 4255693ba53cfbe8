/**
 * How textures hold numbers: rows of texels, each a vec4 of u32.
 *
 * @module
 */

/** The width of textures, that of `kernels/lib/texel.wgsl`: every device has this much. */
export const TEXELS_A_ROW = 8192;
/** Bytes of a texel. */
export const BYTES_A_TEXEL = 16;

/**
 * How many rows hold a number of texels.
 *
 * @param texels How many texels.
 * @returns Rows; the last may have room left.
 */
export function rowsOf(texels: number): number {
  return Math.ceil(texels / TEXELS_A_ROW);
}
