/**
 * The GPU: an adapter's device with its limits, its errors, its buffers.
 *
 * @module
 */

import { requestAdapter } from "./adapter.ts";
import type { AdapterOptions } from "./adapter_options.ts";
import { adapterName, DEVICE_LIMITS, isSoftwareAdapter } from "./adapters.ts";
import { createBuffer, writeBuffer } from "./buffers.ts";
import { CommandList } from "./commands.ts";
import { DeviceState } from "./device_state.ts";
import type { Dispatch } from "./dispatch.ts";
import { GpuUnavailableError } from "./errors.ts";
import type { Kernel, KernelSource } from "./kernel.ts";
import { KernelCache } from "./kernel_cache.ts";
import { GPU_PRESET, type Preset, presetFor } from "./preset.ts";
import {
  type Mailbox,
  type Reading,
  type ReadPart,
  StagingMailbox,
  submitReading,
} from "./reading.ts";
import { ScratchTextures } from "./scratch.ts";
import { createTexture, writeTexture } from "./textures.ts";
import { withinTimeLimit } from "./time_limit.ts";

/** Options of {@linkcode Gpu.request}. */
export interface GpuOptions extends AdapterOptions {
  /**
   * How kernels are cut: "auto" as suits the adapter, "gpu" as for real GPUs whatever the adapter is,
   * which is slow on others.
   *
   * Each way of cutting gives the same bits again and again. Between two of them sums are added up in
   * another order, so that numbers differ in their last bits, and after many steps of training by more.
   *
   * @default {"auto"}
   */
  preset?: "auto" | "gpu";
}

/**
 * A GPU device to run networks on.
 *
 * It owns its buffers: `dispose` (or `using`) frees them all.
 *
 * WebGPU reports errors later than the call that made them. Memory that there isn't is a
 * {@linkcode GpuOutOfMemoryError} as soon as a kernel is bound to the buffer, or the buffer is written
 * or read; the Gpu stays usable. Other errors of the device are thrown by the next read, and by each
 * one after it. Once the device is lost, every call throws a {@linkcode GpuLostError}, and reads that
 * are on their way are rejected with one.
 *
 * @example
 * ```ts
 * import { Gpu } from "@galvani/snn";
 *
 * using gpu = await Gpu.request();
 * console.log(gpu.name);
 * ```
 */
export class Gpu implements Disposable {
  /** The WebGPU device. */
  readonly device: GPUDevice;
  /** The adapter's name, as its driver gives it. */
  readonly name: string;
  /** How kernels are cut for this adapter. */
  readonly preset: Preset;
  /** Whether it computes on the processor. */
  readonly isSoftware: boolean;
  readonly #state: DeviceState;
  readonly #scratch: ScratchTextures;
  readonly #kernels: KernelCache;

  private constructor(device: GPUDevice, info: GPUAdapterInfo, preset: Preset) {
    this.device = device;
    this.name = adapterName(info);
    this.isSoftware = isSoftwareAdapter(info);
    this.preset = preset;
    this.#state = new DeviceState(device, this.name);
    this.#scratch = new ScratchTextures(this.#state);
    this.#kernels = new KernelCache(this.#state, this.#scratch);
  }

  /**
   * Finds an adapter and opens its device.
   *
   * @param options Which adapter; by default the best there is.
   * @returns The GPU.
   * @throws {GpuUnavailableError} If no adapter fits, or its driver refuses or gives no answer.
   * @throws {RangeError} If the time limit isn't greater than 0.
   */
  static async request(options: GpuOptions = {}): Promise<Gpu> {
    const adapter = await requestAdapter(options);
    const requiredLimits = Object.fromEntries(
      DEVICE_LIMITS.map((name) => [name, adapter.limits[name]]),
    );
    const requiredFeatures: GPUFeatureName[] = adapter.features.has("timestamp-query")
      ? ["timestamp-query"]
      : [];
    const name = adapterName(adapter.info);
    // Such as a GPU that can't serve another program, or another device of this one.
    const refused = (cause: Error) => {
      throw new GpuUnavailableError(`Cannot open ${name}: ${cause.message}`, { cause });
    };
    const device = await withinTimeLimit(
      `open ${name}`,
      adapter.requestDevice({ requiredLimits, requiredFeatures }).catch(refused),
      options.timeLimit,
    );
    const preset = options.preset === "gpu" ? GPU_PRESET : presetFor(adapter.info);
    const gpu = new Gpu(device, adapter.info, preset);
    try {
      await withinTimeLimit(`use ${gpu.name}`, gpu.#tryRead(), options.timeLimit);
    } catch (error) {
      gpu.dispose();
      throw error;
    }
    return gpu;
  }

  /** Bytes of the largest buffer that a kernel can bind. */
  get largestBuffer(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  /**
   * Makes a buffer of zeros.
   *
   * @param bytes Its size; rounded up to a multiple of 16.
   * @param label Its name in messages.
   * @returns The buffer, for storage, uniform reads and copies.
   * @throws {GpuOutOfMemoryError} If no buffer of the device can be that large. If there is no memory
   * for it, those who use the buffer throw one.
   * @throws {GpuLostError} If the device was lost.
   * @throws {TypeError} If the GPU was disposed of.
   */
  createBuffer(bytes: number, label: string): GPUBuffer {
    return createBuffer(this.#state, bytes, label, this.largestBuffer);
  }

  /**
   * Makes a texture of zeros, addressed by one number: texel i is at `vec2<u32>(i & 8191u, i >> 13u)`.
   *
   * @param texels How many vec4 of u32 it holds.
   * @param label Its name in messages.
   * @returns The texture, to be read and stored by kernels, and written.
   * @throws {GpuOutOfMemoryError} If no texture of the device can be that large. If there is no memory
   * for it, those who use the texture throw one.
   * @throws {GpuLostError} If the device was lost.
   * @throws {TypeError} If the GPU was disposed of.
   */
  createTexture(texels: number, label: string): GPUTexture {
    return createTexture(this.#state, texels, label);
  }

  /**
   * Writes texels of a texture.
   *
   * @param texture A texture of {@linkcode Gpu.createTexture}.
   * @param data Four words a texel.
   * @param first The first texel to write.
   * @throws {RangeError} If these aren't whole texels, or the texture ends before.
   * @throws {GpuLostError | GpuOutOfMemoryError} If the device was lost, or had no memory for it.
   * @throws {TypeError} If the GPU was disposed of, or the texture is of another.
   */
  writeTexture(texture: GPUTexture, data: Uint32Array<ArrayBuffer>, first = 0): void {
    this.#state.checkUsable(texture);
    writeTexture(this.device.queue, texture, data, first);
  }

  /**
   * Whether a kernel had better read a buffer through a uniform binding.
   *
   * @param bytes The buffer's size.
   * @returns Whether to do so.
   */
  readsUniform(bytes: number): boolean {
    return this.preset.uniformParameters && bytes <= this.device.limits.maxUniformBufferBindingSize;
  }

  /**
   * Whether a copy of a buffer in a texture is worth it (`texture_reads` of `#reads`).
   *
   * @param bytes The buffer's size.
   * @param options Whether it reads each number just once.
   * @returns Whether to do so.
   */
  readsTextures(bytes: number, { once = false }: { readonly once?: boolean } = {}): boolean {
    const copies = this.preset[once ? "textureReadsOnce" : "textureReads"];
    return copies && bytes >= 1 << 16 && bytes <= 1 << 28;
  }

  /**
   * Compiles a kernel, or takes the one that the same source gave before.
   *
   * @param source Its template and values.
   * @returns The kernel.
   * @throws {KernelError} If the WGSL is wrong.
   * @throws {GpuLostError} If the device was lost.
   * @throws {TypeError} If the GPU was disposed of.
   */
  async compile(source: KernelSource): Promise<Kernel> {
    this.#state.checkUsable();
    const { textureReadsOnce: textureReads, storageTextures, shiftsByFloats, keepsTurns } =
      this.preset;
    const values = { textureReads, storageTextures, shiftsByFloats, keepsTurns, ...source.values };
    return await this.#kernels.compile({ ...source, values });
  }

  /** Bytes of the textures that kernels copy buffers into: all that runs on the GPU shares them. */
  get scratchBytes(): number {
    return this.#scratch.bytes;
  }

  /**
   * Writes into a buffer.
   *
   * @param buffer The buffer.
   * @param data What to write.
   * @param offset Where, in bytes.
   * @throws {RangeError} If the bytes or their offset are no multiples of 4, or more than the buffer has.
   * @throws {GpuLostError | GpuOutOfMemoryError} If the device was lost, or had no memory for it.
   * @throws {TypeError} If the GPU was disposed of, or the buffer is of another.
   */
  write(
    buffer: GPUBuffer,
    data: ArrayBuffer | ArrayBufferView<ArrayBuffer>,
    offset = 0,
  ): void {
    this.#state.checkUsable(buffer);
    writeBuffer(this.device.queue, buffer, data, offset);
  }

  /**
   * Reads from a buffer, after all work submitted so far.
   *
   * @param buffer The buffer.
   * @param bytes How many bytes; by default the whole.
   * @returns A copy of its first bytes.
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} If the device was lost, had no memory, or
   * reported another error.
   * @throws {TypeError} If the GPU was disposed of, or the buffer is of another.
   */
  async read(buffer: GPUBuffer, bytes: number = buffer.size): Promise<ArrayBuffer> {
    this.#state.checkUsable(buffer);
    return await this.readBack(this.device.createCommandEncoder(), buffer, bytes);
  }

  /**
   * Submits dispatches, in order.
   *
   * @param dispatches The dispatches.
   * @throws {GpuLostError} If the device was lost.
   * @throws {TypeError} If the GPU was disposed of.
   */
  submit(dispatches: Iterable<Dispatch>): void {
    this.#state.checkUsable();
    const commands = new CommandList(this.device);
    for (const dispatch of dispatches) dispatch.encode(commands, 0);
    this.device.queue.submit([commands.end().finish()]);
  }

  /**
   * Submits commands and reads from a buffer what they leave there.
   *
   * @param commands The commands, not yet finished.
   * @param buffer The buffer.
   * @param bytes How many bytes.
   * @returns A copy of its first bytes. The commands are submitted when the call returns its promise.
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} If the device was lost, had no memory,
   * refused the commands, or reported another error before.
   * @throws {TypeError} If the GPU was disposed of, or the buffer is of another.
   */
  async readBack(
    commands: GPUCommandEncoder,
    buffer: GPUBuffer,
    bytes: number,
  ): Promise<ArrayBuffer> {
    const [copy] = await this.submitReading(commands, [{ buffer, bytes }])();
    return copy!;
  }

  /**
   * Submits commands with copies of what they leave in buffers, to be read later: in Deno the start of
   * a read holds the thread until the device has done all that was submitted.
   *
   * The copies are part of the submit: no later one changes them, and some drivers make a second submit
   * wait for the first.
   *
   * @param commands The commands, not yet finished.
   * @param parts Which buffers, and how many bytes of each.
   * @returns What starts the read, and gives the bytes of each part. Call it once, if only to free the
   * copies.
   * @throws {GpuLostError | GpuOutOfMemoryError} If the device was lost, or had no memory.
   * @throws {TypeError} If the GPU was disposed of, or a buffer is of another.
   */
  submitReading(
    commands: GPUCommandEncoder,
    parts: readonly ReadPart[],
  ): Reading<ArrayBuffer[]> {
    return submitReading(this.#state, commands, parts);
  }

  /** Makes what reads as `submitReading` does, again and again. Whoever asks for it disposes of it. */
  createMailbox(): Mailbox {
    return new StagingMailbox(this.#state);
  }

  /**
   * Throws if the device has failed.
   *
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} How the device was lost, or what it reported.
   * @throws {TypeError} If the GPU was disposed of.
   */
  check(): void {
    this.#state.check();
  }

  /** Frees the device and all that was made on it. */
  dispose(): void {
    this.#state.dispose();
  }

  /** Calls {@linkcode Gpu.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Lets the device do a little: some drivers open it and then never answer. */
  async #tryRead(): Promise<void> {
    const buffer = this.createBuffer(16, "trial");
    await this.read(buffer);
    buffer.destroy();
  }
}
