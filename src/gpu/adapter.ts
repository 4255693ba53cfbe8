/**
 * Which adapter a program runs on: a GPU, a software Vulkan driver, or the
 * software adapter that is embedded for machines that have neither.
 */

import type { AdapterOptions, DeviceChoice } from "./adapter_options.ts";
import { ADAPTER_REQUESTS, adapterName, isSoftwareAdapter } from "./adapters.ts";
import { GpuUnavailableError } from "./errors.ts";
import { checkTimeLimit, withinTimeLimit } from "./time_limit.ts";

const WANTED: Readonly<Record<DeviceChoice, string>> = {
  auto: "a GPU adapter",
  gpu: "a hardware GPU adapter",
  software: "a software GPU adapter",
};

/**
 * Request the adapter to run on.
 *
 * On Linux a thread keeps the drivers that its first request finds, so a
 * thread that may need the embedded adapter calls this before anything else
 * there asks `navigator.gpu` for an adapter. In Deno the embedded adapter
 * needs the permissions to read the environment, to read and write the cache
 * folder, and `--allow-ffi`; an installed driver needs none.
 *
 * @param options The kind or the name of the adapter; any by default.
 * @returns The adapter, hardware before software.
 * @throws {GpuUnavailableError} If WebGPU is missing, if no adapter is as
 * asked for (the message lists those found), if the embedded one cannot be
 * started, or if a driver gives no answer within the time limit. (In Deno a
 * request holds the thread, so a driver that hangs may hold it for good.)
 * @throws {RangeError} If the time limit isn't greater than 0.
 *
 * @example Whatever the machine has
 * ```ts
 * const adapter = await requestAdapter();
 * const device = await adapter.requestDevice();
 * device.destroy();
 * ```
 *
 * @example One adapter by its name
 * ```ts ignore
 * const adapter = await requestAdapter({ name: "nvidia" });
 * const device = await adapter.requestDevice();
 * ```
 */
export async function requestAdapter(
  options: AdapterOptions = {},
): Promise<GPUAdapter> {
  const { device = "auto", name = "", onNotice } = options;
  const timeLimit = checkTimeLimit(options.timeLimit);
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (gpu === undefined) {
    throw new GpuUnavailableError(
      "Cannot find a GPU adapter as navigator.gpu is missing: " +
        "WebGPU needs Deno 2.9 or later, or a browser that has it and a secure (https) page",
    );
  }
  const drivers = await prepareDrivers(device, name, timeLimit);
  const found = drivers.source === "none" ? [] : await findAdapters(gpu, timeLimit);
  const fitting = found.filter((adapter) => isKind(adapter, device) && isNamed(adapter, name));
  const adapter = fitting.find(({ info }) => !isSoftwareAdapter(info)) ?? fitting[0];
  if (adapter === undefined) {
    const wanted = WANTED[device] + (name === "" ? "" : ` named "${name}"`);
    const reason = drivers.source === "embedded"
      ? " as this thread has asked for another adapter before"
      : "";
    throw new GpuUnavailableError(
      `Cannot find ${wanted}${reason}: found ${list(found)}`,
    );
  }
  if (drivers.notice !== undefined) onNotice?.(drivers.notice);
  return adapter;
}

/** Make sure that the drivers are there; a browser brings its own. */
async function prepareDrivers(
  device: DeviceChoice,
  name: string,
  timeLimit: number,
): Promise<{ source: "installed" | "embedded" | "none"; notice?: string }> {
  if (!("Deno" in globalThis)) return { source: "installed" };
  const software = await import("./software_adapter.ts");
  return await software.prepareDrivers(device, name, timeLimit);
}

/** Every adapter that the requests bring up; the same one may come up twice. */
async function findAdapters(gpu: GPU, timeLimit: number): Promise<GPUAdapter[]> {
  const found: GPUAdapter[] = [];
  for (const request of ADAPTER_REQUESTS) {
    const answer = gpu.requestAdapter(request);
    const adapter = await withinTimeLimit("find a GPU adapter", answer, timeLimit);
    if (adapter !== null) found.push(adapter);
  }
  return found;
}

function isKind({ info }: GPUAdapter, device: DeviceChoice): boolean {
  return device === "auto" || isSoftwareAdapter(info) === (device === "software");
}

function isNamed({ info }: GPUAdapter, name: string): boolean {
  return [info.description, info.vendor, info.device, info.architecture]
    .some((text) => text.toLowerCase().includes(name.toLowerCase()));
}

/** The adapters as a message lists them, each once. */
function list(adapters: readonly GPUAdapter[]): string {
  const labels = adapters.map(({ info }) =>
    `"${adapterName(info)}"${isSoftwareAdapter(info) ? " (software)" : ""}`
  );
  return [...new Set(labels)].join(", ") || "none";
}
