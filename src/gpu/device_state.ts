/**
 * What is known of a device: what it reported, whether it is still there, and what is on it.
 *
 * @module
 */

import { captureError } from "./error_scope.ts";
import { GpuError, GpuLostError, GpuOutOfMemoryError } from "./errors.ts";

/** What a caller may do about memory. */
const LESS_MEMORY = "dispose of what isn't needed, or take a smaller batch or fewer time steps";

/** On which device a buffer or a texture was made. */
const makers = new WeakMap<GPUBuffer | GPUTexture, DeviceState>();

/** A device with its errors: each is thrown by the call that it belongs to, or by the next one that can. */
export class DeviceState {
  /** The device. */
  readonly device: GPUDevice;
  /** The adapter's name. */
  readonly name: string;
  /** Buffers and textures that there was no memory for, and what to say of them. */
  readonly #missing = new WeakMap<GPUBuffer | GPUTexture, string>();
  /** Ends the waits for answers that a device that is gone won't give. */
  readonly #waits = new Set<() => void>();
  /** What the device reported of calls that nobody awaits. */
  #failure: Error | undefined;
  /** How the device was lost. */
  #loss: string | undefined;
  #disposed = false;

  /**
   * Listens to a device.
   *
   * @param device The device.
   * @param name The adapter's name.
   */
  constructor(device: GPUDevice, name: string) {
    this.device = device;
    this.name = name;
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const { error } = event as GPUUncapturedErrorEvent;
      this.#failure ??= error instanceof GPUOutOfMemoryError
        ? new GpuOutOfMemoryError(
          `Cannot go on as ${name} is out of memory: ${error.message}; ` +
            `start anew on another Gpu, with a smaller batch or fewer time steps`,
        )
        : new GpuError(
          `Cannot go on as ${name} reported an error: ${error.message}; ` +
            `what was computed since the last read may be wrong, so start anew on another Gpu`,
        );
    });
    device.lost.then(({ reason, message }) => {
      this.#loss = `${reason}: ${message}`;
      for (const end of this.#waits) end();
    });
  }

  /**
   * Makes what takes memory, and remembers if there was none.
   *
   * @param what What is made, in messages.
   * @param create Makes it.
   * @returns What was made.
   */
  allocate<T extends GPUBuffer | GPUTexture>(what: string, create: () => T): T {
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
   * Whether there was no memory for a resource, as far as the device has said.
   *
   * @param resource The resource.
   * @returns Whether it is missing.
   */
  isMissing(resource: GPUBuffer | GPUTexture): boolean {
    return this.#missing.has(resource);
  }

  /**
   * Throws if the device is gone, or a resource isn't on it.
   *
   * @param resource The resource that is to be used, if any.
   * @throws {TypeError} If the device was disposed of, or the resource was made on another.
   * @throws {GpuLostError} If the device was lost.
   * @throws {GpuOutOfMemoryError} If there was no memory for the resource.
   */
  checkUsable(resource?: GPUBuffer | GPUTexture): void {
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

  /**
   * Throws if the device is gone, or has reported an error that no call awaits.
   *
   * @throws {GpuLostError | GpuOutOfMemoryError | GpuError} How it was lost, or what it reported.
   * @throws {TypeError} If it was disposed of.
   */
  check(): void {
    this.checkUsable();
    if (this.#failure) throw this.#failure;
  }

  /**
   * Throws an error, or what is behind it: that a device is lost may be reported after what follows.
   *
   * @param error The error.
   * @param resource The resource that it may be about.
   * @throws {Error} Always.
   */
  async fail(error: Error, resource?: GPUBuffer | GPUTexture): Promise<never> {
    await new Promise((resolve) => setTimeout(resolve));
    this.checkUsable(resource);
    throw error;
  }

  /**
   * Awaits an answer of the device, but not once the device is gone.
   *
   * @param answer The answer.
   */
  async whileThere(answer: Promise<unknown>): Promise<void> {
    let end!: () => void;
    const gone = new Promise<void>((resolve) => end = resolve);
    this.#waits.add(end);
    try {
      await Promise.race([answer, gone]);
    } finally {
      this.#waits.delete(end);
    }
  }

  /** Frees the device and all that was made on it. */
  dispose(): void {
    this.#disposed = true;
    for (const end of this.#waits) end();
    this.device.destroy();
  }
}
