import type { Gpu } from "../gpu/gpu.ts";
import { BYTES_A_TEXEL } from "../gpu/texels.ts";

/** A buffer or a texture on the device, and who asked for it. */
export interface Allocation {
  /** The path of the part that asked for it, such as "layer.1" or "encoder". */
  readonly owner: string;
  /** Its name in messages. */
  readonly label: string;
  /** Its size on the device. */
  readonly bytes: number;
}

/** Buffers and textures that live and end together. */
export class Memory implements Disposable {
  readonly #gpu: Gpu;
  readonly #allocations = new Map<GPUBuffer | GPUTexture, Allocation>();
  #disposed = false;

  /**
   * Starts with nothing.
   *
   * @param gpu The device.
   */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** What there is. */
  get allocations(): Allocation[] {
    return [...this.#allocations.values()];
  }

  /**
   * Makes a buffer of zeros.
   *
   * @param owner Who asks for it.
   * @param bytes Its size.
   * @param label Its name in messages.
   * @returns The buffer.
   * @throws {TypeError} If all was freed.
   */
  buffer(owner: string, bytes: number, label: string): GPUBuffer {
    this.#checkUsable();
    const buffer = this.#gpu.createBuffer(bytes, label);
    this.#allocations.set(buffer, { owner, label, bytes: buffer.size });
    return buffer;
  }

  /**
   * Makes a texture of zeros.
   *
   * @param owner Who asks for it.
   * @param texels How many vec4 of u32 it holds.
   * @param label Its name in messages.
   * @returns The texture.
   * @throws {TypeError} If all was freed.
   */
  texture(owner: string, texels: number, label: string): GPUTexture {
    this.#checkUsable();
    const texture = this.#gpu.createTexture(texels, label);
    const bytes = texture.width * texture.height * BYTES_A_TEXEL;
    this.#allocations.set(texture, { owner, label, bytes });
    return texture;
  }

  /**
   * Frees one of them.
   *
   * @param memory The buffer or texture.
   */
  free(memory: GPUBuffer | GPUTexture): void {
    if (this.#allocations.delete(memory)) memory.destroy();
  }

  /** What is made after all was freed would never be freed. */
  #checkUsable(): void {
    if (this.#disposed) throw new TypeError("Cannot use a program that was disposed of");
  }

  /** Frees all. */
  dispose(): void {
    this.#disposed = true;
    for (const memory of this.#allocations.keys()) memory.destroy();
    this.#allocations.clear();
  }

  /** Calls {@linkcode Memory.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
