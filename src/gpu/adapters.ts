/**
 * What all that looks for adapters has in common: the requests that bring them up, what they are
 * called, and what is asked of them.
 *
 * @module
 */

/** The requests that, together, bring up the adapters of a machine. */
export const ADAPTER_REQUESTS: readonly GPURequestAdapterOptions[] = [
  { powerPreference: "high-performance" },
  { powerPreference: "low-power" },
  { forceFallbackAdapter: true },
];

/** The limits that are asked for at the adapter's own value, not at WebGPU's default. */
export const DEVICE_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxStorageTexturesPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupStorageSize",
] as const;

/**
 * What an adapter is called. Deno gives a description, browsers a vendor and an architecture.
 *
 * @param info What it says of itself.
 * @returns The name.
 */
export function adapterName(info: GPUAdapterInfo): string {
  const { description, vendor, architecture, device } = info;
  return description || [vendor, architecture, device].filter(Boolean).join(" ");
}

/**
 * Whether an adapter computes on the processor.
 *
 * @param info What it says of itself.
 * @returns Whether it does.
 */
export function isSoftwareAdapter(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter === true;
}
