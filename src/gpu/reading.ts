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
  for (const { buffer } of parts) state.checkUsable(buffer);
  const { device } = state;
  let size = 0;
  const copies = parts.map(({ buffer, bytes }) => {
    const copy = { buffer, bytes, first: size, size: Math.ceil(bytes / 4) * 4 };
    size = Math.ceil((size + copy.size) / ALIGNMENT) * ALIGNMENT;
    return copy;
  });
  const names = parts.map(({ buffer }) => `"${buffer.label}"`).join(", ");
  const { staging, mapsAtOnce } = createStaging(state, size, `a copy of ${names} of ${size} bytes`);
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
      return copies.map(({ first, bytes }) => range.slice(first, first + bytes));
    } catch (error) {
      return await state.fail(error as Error, staging);
    } finally {
      staging.destroy();
    }
  };
}

/** Makes a buffer that the program can read; and whether it may be read as soon as it is being mapped. */
function createStaging(
  state: DeviceState,
  size: number,
  what: string,
): { staging: GPUBuffer; mapsAtOnce: boolean } {
  const { device } = state;
  const usage = BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST;
  const descriptor = { label: "read", size, usage };
  let mapsAtOnce = false;
  const staging = state.allocate(what, () => {
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
  return { staging, mapsAtOnce };
}

/** All of a buffer if it is mapped already. */
function rangeAtOnce(buffer: GPUBuffer): ArrayBuffer | undefined {
  try {
    return buffer.getMappedRange();
  } catch {
    return undefined;
  }
}
