/**
 * The GPU: an adapter's device with its limits, its errors, its buffers.
 *
 * @module
 */

import { type AdapterOptions, requestAdapter } from "./adapter.ts";
import { GpuError, GpuLostError, GpuOutOfMemoryError } from "./errors.ts";
import { Kernel, type KernelSource } from "./kernel.ts";
import { type Preset, presetFor } from "./preset.ts";

/** The limits that are asked for at the adapter's own value. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupStorageSize",
] as const;

/**
 * A GPU device to run networks on.
 *
 * It owns its buffers: `dispose` (or `using`) frees them all.
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
  #failure: Error | undefined;
  #disposed = false;

  private constructor(device: GPUDevice, info: GPUAdapterInfo) {
    this.device = device;
    this.name = info.description ||
      [info.vendor, info.architecture, info.device].join(" ").trim();
    this.preset = presetFor(info);
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const { error } = event as GPUUncapturedErrorEvent;
      this.#failure ??= error instanceof GPUOutOfMemoryError
        ? new GpuOutOfMemoryError(
          `Out of memory on ${this.name}: ${error.message}`,
        )
        : new GpuError(`${this.name} failed: ${error.message}`);
    });
    device.lost.then(({ reason, message }) => {
      if (this.#disposed) return;
      this.#failure = new GpuLostError(
        `${this.name} was lost (${reason}): ${message}`,
      );
    });
  }

  /**
   * Finds an adapter and opens its device.
   *
   * @param options Which adapter; by default the best there is.
   * @returns The GPU.
   * @throws {GpuUnavailableError} If no adapter fits.
   */
  static async request(options: AdapterOptions = {}): Promise<Gpu> {
    const adapter = await requestAdapter(options);
    const requiredLimits = Object.fromEntries(
      LIMITS.map((name) => [name, adapter.limits[name]]),
    );
    const requiredFeatures: GPUFeatureName[] = adapter.features.has("timestamp-query")
      ? ["timestamp-query"]
      : [];
    const device = await adapter.requestDevice({
      requiredLimits,
      requiredFeatures,
    });
    return new Gpu(device, adapter.info);
  }

  /**
   * Makes a buffer of zeros.
   *
   * @param bytes Its size; rounded up to a multiple of 16.
   * @param label Its name in messages.
   * @returns The buffer, for storage, uniform reads and copies.
   * @throws {RangeError} If no buffer of the device can be that large.
   */
  createBuffer(bytes: number, label: string): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const limit = Math.min(
      this.device.limits.maxBufferSize,
      this.device.limits.maxStorageBufferBindingSize,
    );
    if (!(size <= limit)) {
      throw new RangeError(
        `Cannot create the buffer "${label}" as ${this.name} holds at most ${limit} bytes in one: ` +
          `it needs ${size}`,
      );
    }
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const uniform = size <= this.device.limits.maxUniformBufferBindingSize ? UNIFORM : 0;
    return this.device.createBuffer({
      label,
      size,
      usage: STORAGE | uniform | COPY_SRC | COPY_DST,
    });
  }

  /**
   * Compiles a kernel.
   *
   * @param source Its template and values.
   * @returns The kernel.
   * @throws {KernelError} If the WGSL is wrong.
   */
  compile(source: KernelSource): Promise<Kernel> {
    return Kernel.compile(this.device, source);
  }

  /**
   * Writes into a buffer.
   *
   * @param buffer The buffer.
   * @param data What to write.
   * @param offset Where, in bytes.
   */
  write(
    buffer: GPUBuffer,
    data: ArrayBuffer | ArrayBufferView<ArrayBuffer>,
    offset = 0,
  ): void {
    this.device.queue.writeBuffer(buffer, offset, data);
  }

  /**
   * Reads from a buffer, after all work submitted so far.
   *
   * @param buffer The buffer.
   * @param bytes How many bytes; by default the whole.
   * @returns A copy of its first bytes.
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} If the device failed since the last read.
   */
  async read(
    buffer: GPUBuffer,
    bytes: number = buffer.size,
  ): Promise<ArrayBuffer> {
    const size = Math.ceil(bytes / 4) * 4;
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.device.createBuffer({
      label: "read",
      size,
      usage: MAP_READ | COPY_DST,
    });
    try {
      const commands = this.device.createCommandEncoder();
      commands.copyBufferToBuffer(buffer, 0, staging, 0, size);
      this.device.queue.submit([commands.finish()]);
      await staging.mapAsync(GPUMapMode.READ).catch((cause) => {
        throw this.#failure ??
          new GpuError(`Cannot read from ${this.name}`, { cause });
      });
      this.check();
      return staging.getMappedRange().slice(0, bytes);
    } finally {
      staging.destroy();
    }
  }

  /**
   * Throws if the device has failed.
   *
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} What the device reported.
   */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Frees the device and all that was made on it. */
  dispose(): void {
    this.#disposed = true;
    this.device.destroy();
  }

  /** Calls {@linkcode Gpu.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
