import type { DeviceChoice } from "../../src/gpu/adapter_options.ts";

/**
 * The peak of the process's memory, where the system says it.
 *
 * @returns Megabytes, or null.
 */
export async function peakMemoryMb(): Promise<number | null> {
  const status = await Deno.readTextFile("/proc/self/status").catch(() => "");
  const kilobytes = status.match(/^VmHWM:\s*(\d+)/m)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

/**
 * Reads the choice of an adapter.
 *
 * @param text The text.
 * @returns The choice.
 * @throws {TypeError} If it is none.
 */
export function parseDevice(text: string): DeviceChoice {
  if (text === "auto" || text === "gpu" || text === "software") return text;
  throw new TypeError(`--device must be auto, gpu or software: given "${text}"`);
}
