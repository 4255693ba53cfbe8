import type { DeviceState } from "./device_state.ts";
import { BYTES_A_TEXEL, rowsOf, TEXELS_A_ROW } from "./texels.ts";
import { createTexture } from "./textures.ts";

/** Textures that buffers are copied into before kernels read them; all kernels share them. */
export class ScratchTextures {
  readonly #state: DeviceState;
  /** By slot and size. */
  readonly #textures = new Map<string, GPUTexture>();

  /**
   * Starts without any.
   *
   * @param state The device.
   */
  constructor(state: DeviceState) {
    this.#state = state;
  }

  /** Bytes of all of them. */
  get bytes(): number {
    let bytes = 0;
    for (const { width, height } of this.#textures.values()) {
      bytes += width * height * BYTES_A_TEXEL;
    }
    return bytes;
  }

  /**
   * Gives a texture for a copy: the same one for the same slot and about the same size.
   *
   * @param slot Tells the copies of one dispatch apart.
   * @param texels How many texels it must hold.
   * @returns The texture.
   * @throws {GpuOutOfMemoryError} If no texture of the device can be that large.
   */
  texture(slot: number, texels: number): GPUTexture {
    const rows = Math.max(1, rowsOf(texels));
    // At most an eighth too large, so that few sizes serve all.
    const unit = 2 ** Math.max(0, Math.floor(Math.log2(rows)) - 3);
    const height = Math.ceil(rows / unit) * unit;
    const key = `${slot} ${height}`;
    let texture = this.#textures.get(key);
    if (!texture || this.#state.isMissing(texture)) {
      texture = createTexture(this.#state, height * TEXELS_A_ROW, "scratch");
      this.#textures.set(key, texture);
    }
    return texture;
  }
}
