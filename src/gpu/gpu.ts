/**
 * The GPU: an adapter's device with its limits, its errors, its buffers.
 *
 * @module
 */

import { requestAdapter } from "./adapter.ts";
import type { AdapterOptions } from "./adapter_options.ts";
import { captureError } from "./error_scope.ts";
import { GpuError, GpuLostError, GpuOutOfMemoryError, GpuUnavailableError } from "./errors.ts";
import {
  type Dispatch,
  Kernel,
  type KernelHost,
  type KernelSource,
  Recorder,
  type Slices,
  type StepBuffer,
} from "./kernel.ts";
import { BUFFER_USAGE, MAP_MODE, TEXTURE_USAGE } from "./flags.ts";
import { GPU_PRESET, type Preset, presetFor } from "./preset.ts";
import { BYTES_A_TEXEL, rowsOf, TEXELS_A_ROW } from "./texels.ts";
import { withinTimeLimit } from "./time_limit.ts";

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
   * which is slow on others. Sums are taken in another order then, so results differ by rounding.
   *
   * @default {"auto"}
   */
  preset?: "auto" | "gpu";
}

/** What was submitted: the call starts to read what it left, and gives it. */
export type Reading<T> = () => Promise<T>;

/** What a caller may do about memory. */
const LESS_MEMORY = "dispose of what isn't needed, or take a smaller batch or fewer time steps";

/** Which GPU made a buffer or a texture. */
const makers = new WeakMap<GPUBuffer | GPUTexture, Gpu>();

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
  /** Textures that buffers are copied into before they are read, by slot and size. */
  readonly #scratch = new Map<string, GPUTexture>();
  /** The ranges of slices, by their sizes. */
  readonly #slices = new Map<string, GPUBuffer>();
  /**
   * Kernels by what they are made of, as long as anybody uses them: WebGPU can't free one, and what
   * each takes is more than the garbage collector knows.
   */
  readonly #kernels = new Map<string, WeakRef<Kernel>>();
  /** Buffers and textures that there was no memory for, and what to say of them. */
  readonly #missing = new WeakMap<GPUBuffer | GPUTexture, string>();
  /** Ends the waits of the reads that are on their way. */
  readonly #reads = new Set<() => void>();
  /** What the device reported of calls that nobody awaits. */
  #failure: Error | undefined;
  /** How the device was lost. */
  #loss: string | undefined;
  #disposed = false;

  private constructor(device: GPUDevice, info: GPUAdapterInfo, preset: Preset) {
    this.device = device;
    this.name = nameOf(info);
    this.preset = preset;
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const { error } = event as GPUUncapturedErrorEvent;
      this.#failure ??= error instanceof GPUOutOfMemoryError
        ? new GpuOutOfMemoryError(
          `Cannot go on as ${this.name} is out of memory: ${error.message}; ` +
            `start anew on another Gpu, with a smaller batch or fewer time steps`,
        )
        : new GpuError(
          `Cannot go on as ${this.name} reported an error: ${error.message}; ` +
            `what was computed since the last read may be wrong, so start anew on another Gpu`,
        );
    });
    device.lost.then(({ reason, message }) => {
      this.#loss = `${reason}: ${message}`;
      for (const end of this.#reads) end();
    });
  }

  /**
   * Finds an adapter and opens its device.
   *
   * @param options Which adapter; by default the best there is.
   * @returns The GPU.
   * @throws {RangeError} If the time limit is out of range.
   * @throws {GpuUnavailableError} If no adapter fits, or its driver refuses or gives no answer.
   */
  static async request(options: GpuOptions = {}): Promise<Gpu> {
    const adapter = await requestAdapter(options);
    const requiredLimits = Object.fromEntries(
      LIMITS.map((name) => [name, adapter.limits[name]]),
    );
    const requiredFeatures: GPUFeatureName[] = adapter.features.has("timestamp-query")
      ? ["timestamp-query"]
      : [];
    const name = nameOf(adapter.info);
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
    this.#checkUsable();
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const limit = this.largestBuffer;
    if (!(size <= limit)) {
      throw new GpuOutOfMemoryError(
        `Cannot create the buffer "${label}" as ${this.name} holds at most ${limit} bytes in one: ` +
          `it needs ${size}`,
      );
    }
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = BUFFER_USAGE;
    const usage = STORAGE | UNIFORM | COPY_SRC | COPY_DST;
    return this.#allocate(
      `the buffer "${label}" of ${size} bytes`,
      () => this.device.createBuffer({ label, size, usage }),
    );
  }

  /**
   * Makes a texture of zeros, addressed by one number: `texel` of `kernels/lib/texel.wgsl`.
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
    this.#checkUsable();
    const rows = Math.max(1, rowsOf(texels));
    const limit = this.device.limits.maxTextureDimension2D;
    if (!(rows <= limit)) {
      throw new GpuOutOfMemoryError(
        `Cannot create the texture "${label}" as ${this.name} holds at most ` +
          `${limit * TEXELS_A_ROW} texels in one: it needs ${texels}`,
      );
    }
    const { TEXTURE_BINDING, STORAGE_BINDING, COPY_DST } = TEXTURE_USAGE;
    return this.#allocate(
      `the texture "${label}" of ${rows * TEXELS_A_ROW * BYTES_A_TEXEL} bytes`,
      () =>
        this.device.createTexture({
          label,
          size: [TEXELS_A_ROW, rows],
          format: "rgba32uint",
          usage: TEXTURE_BINDING | STORAGE_BINDING | COPY_DST,
        }),
    );
  }

  /** Makes what takes memory, and remembers if there was none. */
  #allocate<T extends GPUBuffer | GPUTexture>(what: string, create: () => T): T {
    const { result, error } = captureError(this.device, "out-of-memory", create);
    makers.set(result, this);
    error.then((error) => {
      if (!error) return;
      this.#missing.set(
        result,
        `Cannot create ${what} as ${this.name} is out of memory: ${error.message}; ${LESS_MEMORY}`,
      );
    });
    return result;
  }

  /**
   * Writes texels of a texture.
   *
   * @param texture A texture of {@linkcode Gpu.createTexture}.
   * @param data Four words a texel.
   * @param first The first texel to write.
   * @throws {GpuLostError | GpuOutOfMemoryError} If the device was lost, or had no memory for it.
   * @throws {TypeError} If the GPU was disposed of, or the texture is of another.
   */
  writeTexture(texture: GPUTexture, data: Uint32Array<ArrayBuffer>, first = 0): void {
    this.#checkUsable(texture);
    const bytesPerRow = TEXELS_A_ROW * BYTES_A_TEXEL;
    const end = first + data.byteLength / BYTES_A_TEXEL;
    for (let at = first; at < end;) {
      const x = at % TEXELS_A_ROW;
      // Whole rows together; else what is left of a row.
      const rows = x === 0 ? Math.floor((end - at) / TEXELS_A_ROW) : 0;
      const width = rows > 0 ? TEXELS_A_ROW : Math.min(TEXELS_A_ROW - x, end - at);
      const offset = (at - first) * BYTES_A_TEXEL;
      this.device.queue.writeTexture(
        { texture, origin: [x, Math.floor(at / TEXELS_A_ROW)] },
        data,
        { offset, bytesPerRow },
        [width, Math.max(1, rows)],
      );
      at += width * Math.max(1, rows);
    }
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
   * Compiles a kernel, or takes the one that the same source gave before.
   *
   * @param source Its template and values.
   * @returns The kernel.
   * @throws {KernelError} If the WGSL is wrong.
   * @throws {GpuLostError} If the device was lost.
   * @throws {TypeError} If the GPU was disposed of.
   */
  async compile(source: KernelSource): Promise<Kernel> {
    this.#checkUsable();
    const { name, texts } = source;
    const { textureReads, shiftsByFloats } = this.preset;
    const values = { textureReads, shiftsByFloats, ...source.values };
    const key = JSON.stringify([name, texts, values]);
    const known = this.#kernels.get(key)?.deref();
    if (known) return known;
    const host: KernelHost = {
      device: this.device,
      scratchTexture: (slot, texels) => this.#scratchTexture(slot, texels),
      sliceBuffer: (slices) => this.#sliceBuffer(slices),
      checkUsable: (resource) => this.#checkUsable(resource),
      fail: (error) => this.#fail(error),
    };
    const kernel = await Kernel.compile(host, { name, texts, values });
    for (const [key, kernel] of this.#kernels) if (!kernel.deref()) this.#kernels.delete(key);
    this.#kernels.set(key, new WeakRef(kernel));
    return kernel;
  }

  #scratchTexture(slot: number, texels: number): GPUTexture {
    const rows = Math.max(1, rowsOf(texels));
    // At most an eighth too large, so that few sizes serve all.
    const unit = 2 ** Math.max(0, Math.floor(Math.log2(rows)) - 3);
    const height = Math.ceil(rows / unit) * unit;
    const key = `${slot} ${height}`;
    let texture = this.#scratch.get(key);
    if (!texture || this.#missing.has(texture)) {
      texture = this.createTexture(height * TEXELS_A_ROW, "scratch");
      this.#scratch.set(key, texture);
    }
    return texture;
  }

  /** The ranges of slices, a record each. */
  #sliceBuffer({ count, width }: Slices): StepBuffer {
    const key = `${count} ${width}`;
    const stride = 256;
    const slices = Math.ceil(count / width);
    let buffer = this.#slices.get(key);
    if (!buffer || this.#missing.has(buffer)) {
      buffer = this.createBuffer(slices * stride, "scratch");
      this.#slices.set(key, buffer);
      const words = new Uint32Array(slices * stride / 4);
      for (let i = 0; i < slices; i++) {
        words[i * stride / 4] = i * width;
        words[i * stride / 4 + 1] = Math.min(count, (i + 1) * width);
      }
      this.write(buffer, words);
    }
    return { buffer, stride, size: 16 };
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
   * @throws {GpuLostError | GpuOutOfMemoryError} If the device was lost, or had no memory for it.
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
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} If the device was lost, had no memory, or
   * reported another error.
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
   * @throws {GpuLostError} If the device was lost.
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
    return await this.submitReading(commands, buffer, bytes)();
  }

  /**
   * Submits commands with a copy of what they leave in a buffer, to be read later: in Deno the start of
   * a read holds the thread until the device has done all that was submitted.
   *
   * The copy is part of the submit: some drivers make a second one wait for the first.
   *
   * @param commands The commands, not yet finished.
   * @param buffer The buffer.
   * @param bytes How many bytes.
   * @returns What starts the read. Call it once, if only to free the copy.
   * @throws {GpuLostError | GpuOutOfMemoryError} If the device was lost, or had no memory.
   * @throws {TypeError} If the GPU was disposed of, or the buffer is of another.
   */
  submitReading(
    commands: GPUCommandEncoder,
    buffer: GPUBuffer,
    bytes: number,
  ): Reading<ArrayBuffer> {
    this.#checkUsable(buffer);
    const { device } = this;
    const size = Math.ceil(bytes / 4) * 4;
    const { MAP_READ, COPY_DST } = BUFFER_USAGE;
    const staging = this.#allocate(
      `a copy of "${buffer.label}" of ${size} bytes`,
      () => device.createBuffer({ label: "read", size, usage: MAP_READ | COPY_DST }),
    );
    const cannotRead = (cause: { message: string }) =>
      new GpuError(`Cannot read "${buffer.label}" from ${this.name}: ${cause.message}`, { cause });
    const { error: refusal } = captureError(device, "validation", () => {
      commands.copyBufferToBuffer(buffer, 0, staging, 0, size);
      device.queue.submit([commands.finish()]);
    });
    return async () => {
      const gone = Promise.withResolvers<void>();
      this.#reads.add(gone.resolve);
      try {
        this.#checkUsable(buffer);
        const { result: mapped, error } = captureError(
          device,
          "validation",
          () =>
            staging.mapAsync(MAP_MODE.READ)
              .catch((cause) => Promise.reject(cannotRead(cause))),
        );
        await Promise.race([mapped, gone.promise]);
        this.check();
        const refused = await refusal ?? await error;
        if (refused) throw cannotRead(refused);
        return staging.getMappedRange().slice(0, bytes);
      } catch (error) {
        return await this.#fail(error as Error, staging);
      } finally {
        this.#reads.delete(gone.resolve);
        staging.destroy();
      }
    };
  }

  /**
   * Throws if the device has failed.
   *
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} How the device was lost, or what it reported.
   * @throws {TypeError} If the GPU was disposed of.
   */
  check(): void {
    this.#checkUsable();
    if (this.#failure) throw this.#failure;
  }

  /** Frees the device and all that was made on it. */
  dispose(): void {
    this.#disposed = true;
    for (const end of this.#reads) end();
    this.device.destroy();
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

  /** Throws an error, or what is behind it: that a device is lost may be reported after what follows. */
  async #fail(error: Error, resource?: GPUBuffer | GPUTexture): Promise<never> {
    await new Promise((resolve) => setTimeout(resolve));
    this.#checkUsable(resource);
    throw error;
  }

  #checkUsable(resource?: GPUBuffer | GPUTexture): void {
    if (this.#disposed) throw new TypeError(`Cannot use ${this.name} as it was disposed of`);
    if (this.#loss !== undefined) {
      throw new GpuLostError(
        `Cannot use ${this.name} as its device was lost (${this.#loss}): what was on it is gone, so ` +
          `request another Gpu and start anew there`,
      );
    }
    if (!resource) return;
    const maker = makers.get(resource);
    if (maker && maker !== this) {
      throw new TypeError(
        `Cannot use "${resource.label}" on ${this.name} as it was made on another Gpu: ${maker.name}`,
      );
    }
    const missing = this.#missing.get(resource);
    if (missing !== undefined) throw new GpuOutOfMemoryError(missing);
  }
}

/** What an adapter is called in messages. */
function nameOf(info: GPUAdapterInfo): string {
  return info.description || [info.vendor, info.architecture, info.device].join(" ").trim();
}
