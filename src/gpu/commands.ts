import type { BufferPart } from "./bindings.ts";
import { BYTES_A_TEXEL, TEXELS_A_ROW } from "./texels.ts";

/** Commands in the making: dispatches, in as few passes as the copies between them allow. */
export class CommandList {
  readonly #commands: GPUCommandEncoder;
  #pass: GPUComputePassEncoder | undefined;
  /** What textures still hold, each what a part of a buffer does. */
  readonly #held = new Map<GPUTexture, BufferPart>();

  /**
   * Starts commands.
   *
   * @param device The device.
   */
  constructor(device: GPUDevice) {
    this.#commands = device.createCommandEncoder();
  }

  /**
   * The pass that the next dispatch goes into.
   *
   * @returns The pass.
   */
  pass(): GPUComputePassEncoder {
    return this.#pass ??= this.#commands.beginComputePass();
  }

  /**
   * Copies a part of a buffer to the start of a texture of {@linkcode Gpu.createTexture}, unless it is
   * still there.
   *
   * @param part The part.
   * @param texture The texture, at least as large.
   */
  copy(part: BufferPart, texture: GPUTexture): void {
    const { buffer, offset, size } = part;
    const held = this.#held.get(texture);
    if (held && held.buffer === buffer && held.offset === offset && held.size === size) return;
    this.#held.set(texture, part);
    const commands = this.#endPass();
    const bytesPerRow = TEXELS_A_ROW * BYTES_A_TEXEL;
    const rows = Math.floor(size / bytesPerRow);
    const region = (row: number, extent: [number, number]) =>
      commands.copyBufferToTexture(
        { buffer, offset: offset + row * bytesPerRow, bytesPerRow },
        { texture, origin: [0, row] },
        extent,
      );
    if (rows > 0) region(0, [TEXELS_A_ROW, rows]);
    const rest = size / BYTES_A_TEXEL - rows * TEXELS_A_ROW;
    if (rest > 0) region(rows, [rest, 1]);
  }

  /**
   * Says that a dispatch has written to a buffer: what was copied from it is out of date.
   *
   * @param buffer The buffer.
   */
  changed(buffer: GPUBuffer): void {
    for (const [texture, held] of this.#held) {
      if (held.buffer === buffer) this.#held.delete(texture);
    }
  }

  /**
   * Ends the pass.
   *
   * @returns The commands so far, to which others than dispatches may be added.
   */
  end(): GPUCommandEncoder {
    this.#held.clear();
    return this.#endPass();
  }

  #endPass(): GPUCommandEncoder {
    this.#pass?.end();
    this.#pass = undefined;
    return this.#commands;
  }
}
