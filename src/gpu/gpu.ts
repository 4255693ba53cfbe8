/**
 * The GPU: an adapter's device with its limits, its errors, its buffers.
 *
 * @module
 */

import { type AdapterOptions, requestAdapter } from "./adapter.ts";
import { GpuError, GpuLostError, GpuOutOfMemoryError } from "./errors.ts";
import { type Dispatch, Kernel, type KernelHost, type KernelSource, Recorder } from "./kernel.ts";
import { GPU_PRESET, type Preset, presetFor } from "./preset.ts";

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

/** Options of {@linkcode Gpu.request}. */
export interface GpuOptions extends AdapterOptions {
  /**
   * How kernels are cut: "auto" as suits the adapter, "gpu" as for real GPUs whatever the adapter is,
   * which is slow on others but gives the same results.
   *
   * @default {"auto"}
   */
  preset?: "auto" | "gpu";
}

/** The width of textures, that of `kernels/lib/texel.wgsl`: every device has this much. */
const TEXELS_A_ROW = 8192;
const BYTES_A_TEXEL = 16;

/** Which GPU made a buffer or a texture. */
const makers = new WeakMap<GPUBuffer | GPUTexture, Gpu>();

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
  /** Textures that buffers are copied into before they are read, by slot and size. */
  readonly #scratch = new Map<string, GPUTexture>();
  #failure: Error | undefined;
  #disposed = false;

  private constructor(device: GPUDevice, info: GPUAdapterInfo, preset: Preset) {
    this.device = device;
    this.name = info.description ||
      [info.vendor, info.architecture, info.device].join(" ").trim();
    this.preset = preset;
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
  static async request(options: GpuOptions = {}): Promise<Gpu> {
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
    const preset = options.preset === "gpu" ? GPU_PRESET : presetFor(adapter.info);
    return new Gpu(device, adapter.info, preset);
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
   * @throws {RangeError} If no buffer of the device can be that large.
   * @throws {TypeError} If the GPU was disposed of.
   */
  createBuffer(bytes: number, label: string): GPUBuffer {
    this.#checkUsable();
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const limit = this.largestBuffer;
    if (!(size <= limit)) {
      throw new RangeError(
        `Cannot create the buffer "${label}" as ${this.name} holds at most ${limit} bytes in one: ` +
          `it needs ${size}`,
      );
    }
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const uniform = size <= this.device.limits.maxUniformBufferBindingSize ? UNIFORM : 0;
    const buffer = this.device.createBuffer({
      label,
      size,
      usage: STORAGE | uniform | COPY_SRC | COPY_DST,
    });
    makers.set(buffer, this);
    return buffer;
  }

  /**
   * Makes a texture of zeros, addressed by one number: `texel` of `kernels/lib/texel.wgsl`.
   *
   * @param texels How many vec4 of u32 it holds.
   * @param label Its name in messages.
   * @returns The texture, to be read and stored by kernels, and written.
   * @throws {RangeError} If no texture of the device can be that large.
   * @throws {TypeError} If the GPU was disposed of.
   */
  createTexture(texels: number, label: string): GPUTexture {
    this.#checkUsable();
    const rows = Math.max(1, Math.ceil(texels / TEXELS_A_ROW));
    const limit = this.device.limits.maxTextureDimension2D;
    if (!(rows <= limit)) {
      throw new RangeError(
        `Cannot create the texture "${label}" as ${this.name} holds at most ` +
          `${limit * TEXELS_A_ROW} texels in one: it needs ${texels}`,
      );
    }
    const { TEXTURE_BINDING, STORAGE_BINDING, COPY_DST } = GPUTextureUsage;
    const texture = this.device.createTexture({
      label,
      size: [TEXELS_A_ROW, rows],
      format: "rgba32uint",
      usage: TEXTURE_BINDING | STORAGE_BINDING | COPY_DST,
    });
    makers.set(texture, this);
    return texture;
  }

  /**
   * Writes the first texels of a texture.
   *
   * @param texture A texture of {@linkcode Gpu.createTexture}.
   * @param data Four words a texel.
   * @throws {TypeError} If the GPU was disposed of, or the texture is of another.
   */
  writeTexture(texture: GPUTexture, data: Uint32Array<ArrayBuffer>): void {
    this.#checkUsable(texture);
    const bytesPerRow = TEXELS_A_ROW * BYTES_A_TEXEL;
    const rows = Math.floor(data.byteLength / bytesPerRow);
    const rest = (data.byteLength - rows * bytesPerRow) / BYTES_A_TEXEL;
    const write = (row: number, size: [number, number]) => {
      const layout = { offset: row * bytesPerRow, bytesPerRow };
      this.device.queue.writeTexture({ texture, origin: [0, row] }, data, layout, size);
    };
    if (rows > 0) write(0, [TEXELS_A_ROW, rows]);
    if (rest > 0) write(rows, [rest, 1]);
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
   * Whether a kernel had better read a buffer through a texture (`texture_reads` of `#reads`): it is
   * copied there first, which must be worth the while and the memory.
   *
   * @param bytes The buffer's size.
   * @returns Whether to do so.
   */
  readsTextures(bytes: number): boolean {
    return this.preset.textureReads && bytes >= 1 << 16 && bytes <= 1 << 26;
  }

  /**
   * Compiles a kernel.
   *
   * @param source Its template and values.
   * @returns The kernel.
   * @throws {KernelError} If the WGSL is wrong.
   * @throws {TypeError} If the GPU was disposed of.
   */
  async compile(source: KernelSource): Promise<Kernel> {
    this.#checkUsable();
    const values = { textureReads: this.preset.textureReads, ...source.values };
    const host: KernelHost = {
      device: this.device,
      scratchTexture: (slot, texels) => this.#scratchTexture(slot, texels),
      checkUsable: (resource) => this.#checkUsable(resource),
    };
    return await Kernel.compile(host, { ...source, values });
  }

  #scratchTexture(slot: number, texels: number): GPUTexture {
    const rows = Math.max(1, Math.ceil(texels / TEXELS_A_ROW));
    // At most an eighth too large, so that few sizes serve all.
    const unit = 2 ** Math.max(0, Math.floor(Math.log2(rows)) - 3);
    const height = Math.ceil(rows / unit) * unit;
    const key = `${slot} ${height}`;
    let texture = this.#scratch.get(key);
    if (!texture) {
      texture = this.createTexture(height * TEXELS_A_ROW, "scratch");
      this.#scratch.set(key, texture);
    }
    return texture;
  }

  /** Bytes of the textures that kernels copy buffers into: all that runs on the GPU shares them. */
  get scratchBytes(): number {
    return this.#scratch.values()
      .reduce((bytes, { width, height }) => bytes + width * height * BYTES_A_TEXEL, 0);
  }

  /**
   * Writes into a buffer.
   *
   * @param buffer The buffer.
   * @param data What to write.
   * @param offset Where, in bytes.
   * @throws {TypeError} If the GPU was disposed of, or the buffer is of another.
   */
  write(
    buffer: GPUBuffer,
    data: ArrayBuffer | ArrayBufferView<ArrayBuffer>,
    offset = 0,
  ): void {
    this.#checkUsable(buffer);
    this.device.queue.writeBuffer(buffer, offset, data);
  }

  /**
   * Reads from a buffer, after all work submitted so far.
   *
   * @param buffer The buffer.
   * @param bytes How many bytes; by default the whole.
   * @returns A copy of its first bytes.
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} If the device failed since the last read.
   * @throws {TypeError} If the GPU was disposed of, or the buffer is of another.
   */
  async read(buffer: GPUBuffer, bytes: number = buffer.size): Promise<ArrayBuffer> {
    this.#checkUsable(buffer);
    return await this.readBack(this.device.createCommandEncoder(), buffer, bytes);
  }

  /**
   * Submits dispatches, in order.
   *
   * @param dispatches The dispatches.
   * @throws {TypeError} If the GPU was disposed of.
   */
  submit(dispatches: Iterable<Dispatch>): void {
    this.#checkUsable();
    const recorder = new Recorder(this.device);
    for (const dispatch of dispatches) dispatch.encode(recorder, 0);
    this.device.queue.submit([recorder.end().finish()]);
  }

  /**
   * Submits commands and reads from a buffer what they leave there.
   *
   * The read is part of the submit: some drivers make a second one wait for the first.
   *
   * @param commands The commands, not yet finished.
   * @param buffer The buffer.
   * @param bytes How many bytes.
   * @returns A copy of its first bytes. The commands are submitted when the call returns its promise.
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} If the device failed since the last read.
   * @throws {TypeError} If the GPU was disposed of, or the buffer is of another.
   */
  async readBack(
    commands: GPUCommandEncoder,
    buffer: GPUBuffer,
    bytes: number,
  ): Promise<ArrayBuffer> {
    this.#checkUsable(buffer);
    const size = Math.ceil(bytes / 4) * 4;
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.device.createBuffer({ label: "read", size, usage: MAP_READ | COPY_DST });
    try {
      commands.copyBufferToBuffer(buffer, 0, staging, 0, size);
      this.device.queue.submit([commands.finish()]);
      await staging.mapAsync(GPUMapMode.READ).catch((cause) => {
        this.#checkUsable();
        throw this.#failure ?? new GpuError(`Cannot read from ${this.name}`, { cause });
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
   * @throws {TypeError} If the GPU was disposed of.
   */
  check(): void {
    this.#checkUsable();
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

  #checkUsable(resource?: GPUBuffer | GPUTexture): void {
    if (this.#disposed) throw new TypeError(`Cannot use ${this.name} as it was disposed of`);
    const maker = resource && makers.get(resource);
    if (maker && maker !== this) {
      throw new TypeError(
        `Cannot use "${resource.label}" on ${this.name} as it was made on another Gpu: ${maker.name}`,
      );
    }
  }
}
