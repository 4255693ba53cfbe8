import { Gpu } from "../../gpu/gpu.ts";
import type { DeviceOptions } from "../options/common_options.ts";
import { watchDriver } from "./driver_watch.ts";

/**
 * Opens the device that a command runs on; a notice about it goes to standard error.
 *
 * @param options Which adapter.
 * @returns The device. Whoever asked for it disposes of it.
 */
export async function openGpu({ device, gpu }: DeviceOptions): Promise<Gpu> {
  const options = {
    device,
    ...gpu === undefined ? {} : { name: gpu },
    onNotice: (line: string) => console.error(line),
  };
  return await watchDriver((timeLimit) => Gpu.request({ ...options, timeLimit }));
}
