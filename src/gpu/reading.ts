import type { DeviceState } from "./device_state.ts";
import { captureError } from "./error_scope.ts";
import { GpuError } from "./errors.ts";
import { eventTurn } from "./event_turn.ts";
import { BUFFER_USAGE, MAP_MODE } from "./flags.ts";

/** What was submitted: the call starts to read what it left, and gives it. Call it once. */
export type Reading<T> = () => Promise<T>;

/** What to read of a buffer. */
export interface ReadPart {
  /** The buffer. */
  readonly buffer: GPUBuffer;
  /** How many of its first bytes. */
  readonly bytes: number;
  /** Where they go, at least as long; by default into a new array, each read. */
  readonly into?: Float32Array<ArrayBuffer>;
}

/** Where a mapped buffer's ranges may start. */
const ALIGNMENT = 8;
/**
 * Whether a buffer is mapped as soon as the call that maps it returns. In Deno it is: the call waits for
 * all that was submitted, and its promise only sleeps another 10 ms.
 */
const MAPS_AT_ONCE = "Deno" in globalThis;
/** Larger copies cost more to map beforehand, full of zeros, than the 10 ms that it saves. */
const MOST_AT_ONCE = 1 << 24;

/**
 * Submits commands with copies of what they leave in buffers, side by side in one buffer that the
 * program can read.
 *
 * @param state The device.
 * @param commands The commands, not yet finished.
 * @param parts What to copy.
 * @returns What starts the read.
 */
export function submitReading(
  state: DeviceState,
  commands: GPUCommandEncoder,
  parts: readonly ReadPart[],
): Reading<ArrayBuffer[]> {
  return new StagingMailbox(state).submitReading(commands, parts, { keeps: false });
}

/** A buffer that the program can read. */
interface Staging {
  readonly buffer: GPUBuffer;
  /** Whether it may be read as soon as it is being mapped. */
  readonly mapsAtOnce: boolean;
}

/**
 * Reads again and again what commands leave: the buffer that the program can read is made once, where
 * others take a new one, full of zeros, for each read.
 */
export interface Mailbox extends Disposable {
  /**
   * Submits commands as `Gpu.submitReading` does, once the last call's read is over.
   *
   * @param commands The commands, not yet finished.
   * @param parts Which buffers, and how many bytes of each.
   * @returns What starts the read, and gives the bytes of each part, or what they went into.
   */
  submitReading(
    commands: GPUCommandEncoder,
    parts: readonly ReadPart[],
  ): Reading<ArrayBuffer[]>;
}

/** What a read takes its buffer from, and gives it back to. */
export class StagingMailbox implements Mailbox {
  readonly #state: DeviceState;
  #kept: Staging | undefined;

  /**
   * Makes nothing yet.
   *
   * @param state The device.
   */
  constructor(state: DeviceState) {
    this.#state = state;
  }

  /**
   * Submits commands as {@linkcode submitReading} does, once the last call's read is over.
   *
   * @param commands The commands, not yet finished.
   * @param parts What to copy.
   * @param options Whether the buffer is kept for the next call.
   * @returns What starts the read.
   */
  submitReading(
    commands: GPUCommandEncoder,
    parts: readonly ReadPart[],
    { keeps = true }: { readonly keeps?: boolean } = {},
  ): Reading<ArrayBuffer[]> {
    const state = this.#state;
    for (const { buffer } of parts) state.checkUsable(buffer);
    const { device } = state;
    let size = 0;
    const copies = parts.map((part) => {
      const { bytes } = part;
      const copy = { ...part, first: size, size: Math.ceil(bytes / 4) * 4 };
      size = Math.ceil((size + copy.size) / ALIGNMENT) * ALIGNMENT;
      return copy;
    });
    const names = parts.map(({ buffer }) => `"${buffer.label}"`).join(", ");
    const { buffer: staging, mapsAtOnce } = this.#take(size, names);
    const cannotRead = (cause: { message: string }) =>
      new GpuError(`Cannot read ${names} from ${state.name}: ${cause.message}`, { cause });
    const { error: refusal } = captureError(device, "validation", () => {
      for (const { buffer, first, size } of copies) {
        commands.copyBufferToBuffer(buffer, 0, staging, first, size);
      }
      device.queue.submit([commands.finish()]);
    });
    return async () => {
      try {
        for (const { buffer } of parts) state.checkUsable(buffer);
        const { result: mapped, error } = captureError(
          device,
          "validation",
          () =>
            staging.mapAsync(MAP_MODE.READ)
              .catch((cause) => Promise.reject(cannotRead(cause))),
        );
        const early = mapsAtOnce ? rangeAtOnce(staging) : undefined;
        if (early) {
          mapped.catch(() => {});
          // What the device has to say of earlier calls comes after the data.
          await eventTurn();
        } else {
          await state.whileThere(mapped);
        }
        state.check();
        const refused = await refusal ?? await error;
        if (refused) throw cannotRead(refused);
        const range = early ?? staging.getMappedRange();
        const results = copies.map(({ first, bytes, into }) => {
          if (!into) return range.slice(first, first + bytes);
          into.set(new Float32Array(range, first, bytes / 4));
          return into.buffer;
        });
        if (keeps) {
          staging.unmap();
          // It was mapped now.
          this.#kept = { buffer: staging, mapsAtOnce: MAPS_AT_ONCE };
        }
        return results;
      } catch (error) {
        return await state.fail(error as Error, staging);
      } finally {
        if (this.#kept?.buffer !== staging) staging.destroy();
      }
    };
  }

  /** The buffer that was kept, if it is large enough, else another. */
  #take(size: number, names: string): Staging {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept && kept.buffer.size >= size) return kept;
    kept?.buffer.destroy();
    return createStaging(this.#state, size, `a copy of ${names} of ${size} bytes`);
  }

  /** Frees the buffer. */
  [Symbol.dispose](): void {
    this.#kept?.buffer.destroy();
    this.#kept = undefined;
  }
}

function createStaging(state: DeviceState, size: number, what: string): Staging {
  const { device } = state;
  const usage = BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST;
  const descriptor = { label: "read", size, usage };
  let mapsAtOnce = false;
  const buffer = state.allocate(what, () => {
    if (MAPS_AT_ONCE && size <= MOST_AT_ONCE) {
      try {
        // Deno panics if the range of a buffer that never was mapped before is taken at once.
        const { result } = captureError(device, "validation", () => {
          const buffer = device.createBuffer({ ...descriptor, mappedAtCreation: true });
          buffer.unmap();
          return buffer;
        });
        mapsAtOnce = true;
        return result;
      } catch {
        // The device is full or gone, which the buffer below reports as all others do.
      }
    }
    return device.createBuffer(descriptor);
  });
  return { buffer, mapsAtOnce };
}

/** All of a buffer if it is mapped already. */
function rangeAtOnce(buffer: GPUBuffer): ArrayBuffer | undefined {
  try {
    return buffer.getMappedRange();
  } catch {
    return undefined;
  }
}
