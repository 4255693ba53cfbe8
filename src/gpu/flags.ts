/**
 * Flags of WebGPU, with the values that its specification gives them. They are globals as well, but
 * TypeScript's types of browsers don't know those.
 *
 * @module
 */

/** What a buffer may be used for: `GPUBufferUsage`. */
export const BUFFER_USAGE = {
  MAP_READ: 0x01,
  COPY_SRC: 0x04,
  COPY_DST: 0x08,
  UNIFORM: 0x40,
  STORAGE: 0x80,
} as const;

/** What a texture may be used for: `GPUTextureUsage`. */
export const TEXTURE_USAGE = {
  COPY_DST: 0x02,
  TEXTURE_BINDING: 0x04,
  STORAGE_BINDING: 0x08,
} as const;

/** How a buffer is mapped: `GPUMapMode`. */
export const MAP_MODE = { READ: 0x1 } as const;

/** Which shaders see a binding: `GPUShaderStage`. */
export const SHADER_STAGE = { COMPUTE: 0x4 } as const;
