/**
 * Textures that are addressed by one number: rows of texels, each a vec4 of u32. Texel i is at
 * `vec2<u32>(i & 8191u, i >> 13u)`.
 *
 * @module
 */

import type { DeviceState } from "./device_state.ts";
import { GpuOutOfMemoryError } from "./errors.ts";
import { TEXTURE_USAGE } from "./flags.ts";
import { BYTES_A_TEXEL, rowsOf, TEXELS_A_ROW } from "./texels.ts";

/**
 * Makes a texture of zeros.
 *
 * @param state The device.
 * @param texels How many vec4 of u32 it holds.
 * @param label Its name in messages.
 * @returns The texture, to be read and stored by kernels, and written.
 * @throws {GpuOutOfMemoryError} If no texture of the device can be that large.
 */
export function createTexture(state: DeviceState, texels: number, label: string): GPUTexture {
  state.checkUsable();
  const rows = Math.max(1, rowsOf(texels));
  const limit = state.device.limits.maxTextureDimension2D;
  if (!(rows <= limit)) {
    throw new GpuOutOfMemoryError(
      `Cannot create the texture "${label}" as ${state.name} holds at most ` +
        `${limit * TEXELS_A_ROW} texels in one: it needs ${texels}`,
    );
  }
  const { TEXTURE_BINDING, STORAGE_BINDING, COPY_DST } = TEXTURE_USAGE;
  return state.allocate(
    `the texture "${label}" of ${rows * TEXELS_A_ROW * BYTES_A_TEXEL} bytes`,
    () =>
      state.device.createTexture({
        label,
        size: [TEXELS_A_ROW, rows],
        format: "rgba32uint",
        usage: TEXTURE_BINDING | STORAGE_BINDING | COPY_DST,
      }),
  );
}

/**
 * Writes texels.
 *
 * @param queue The device's queue.
 * @param texture The texture.
 * @param data Four words a texel.
 * @param first The first texel to write.
 */
export function writeTexture(
  queue: GPUQueue,
  texture: GPUTexture,
  data: Uint32Array<ArrayBuffer>,
  first: number,
): void {
  const bytesPerRow = TEXELS_A_ROW * BYTES_A_TEXEL;
  const end = first + data.byteLength / BYTES_A_TEXEL;
  for (let at = first; at < end;) {
    const x = at % TEXELS_A_ROW;
    // Whole rows together; else what is left of a row.
    const rows = x === 0 ? Math.floor((end - at) / TEXELS_A_ROW) : 0;
    const width = rows > 0 ? TEXELS_A_ROW : Math.min(TEXELS_A_ROW - x, end - at);
    const offset = (at - first) * BYTES_A_TEXEL;
    queue.writeTexture(
      { texture, origin: [x, Math.floor(at / TEXELS_A_ROW)] },
      data,
      { offset, bytesPerRow },
      [width, Math.max(1, rows)],
    );
    at += width * Math.max(1, rows);
  }
}
