import type { DeviceState } from "./device_state.ts";
import { Kernel, type KernelSource, templateOf } from "./kernel.ts";
import type { ScratchTextures } from "./scratch.ts";

/** The kernels of a device: programs that run at the same time, or compile at the same time, share them. */
export class KernelCache {
  readonly #state: DeviceState;
  readonly #scratch: ScratchTextures;
  /**
   * By what they are made of, as long as anybody uses them: WebGPU can't free one, and what each takes is
   * more than the garbage collector knows.
   */
  readonly #kernels = new Map<string, WeakRef<Kernel>>();
  /** Those in the making. */
  readonly #compiling = new Map<string, Promise<Kernel>>();

  /**
   * Starts without any.
   *
   * @param state The device.
   * @param scratch Where buffers are copied that kernels read through textures.
   */
  constructor(state: DeviceState, scratch: ScratchTextures) {
    this.#state = state;
    this.#scratch = scratch;
  }

  /**
   * Compiles a kernel, or takes the one that the same source gave before.
   *
   * @param source Its template and values.
   * @returns The kernel.
   * @throws {KernelError} If the WGSL is wrong.
   */
  async compile(source: KernelSource): Promise<Kernel> {
    const { name, values } = source;
    const template = templateOf(source);
    const key = JSON.stringify([name, template, values]);
    const known = this.#kernels.get(key)?.deref() ?? this.#compiling.get(key);
    if (known) return await known;
    const compiling = Kernel.compile(this.#state, this.#scratch, {
      name,
      texts: [template],
      values,
    });
    this.#compiling.set(key, compiling);
    try {
      const kernel = await compiling;
      for (const [key, kernel] of this.#kernels) if (!kernel.deref()) this.#kernels.delete(key);
      this.#kernels.set(key, new WeakRef(kernel));
      return kernel;
    } finally {
      this.#compiling.delete(key);
    }
  }
}
