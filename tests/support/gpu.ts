/**
 * The GPU that the tests of a file share, and with it the kernels: most of what a small network takes is
 * compiling them, and the tests of a file compile the same ones again and again.
 *
 * @module
 */

import { Gpu, type GpuOptions } from "../../mod.ts";

const shared = new Map<string, Promise<Gpu>>();

/**
 * Requests a GPU, or takes the one of the same options that another test of the file has requested. It isn't
 * disposed of: tests that change a GPU, lose it or count what is on it request their own.
 *
 * @param options Which adapter, and how kernels are cut.
 * @returns The GPU. It keeps all its kernels, which else go when no program uses them.
 */
export function sharedGpu(options: GpuOptions = {}): Promise<Gpu> {
  const key = JSON.stringify(options);
  let gpu = shared.get(key);
  if (!gpu) shared.set(key, gpu = requestKeeping(options));
  return gpu;
}

async function requestKeeping(options: GpuOptions): Promise<Gpu> {
  const gpu = await Gpu.request(options);
  const kept = new Set<unknown>();
  const compile = gpu.compile.bind(gpu);
  gpu.compile = async (source) => {
    const kernel = await compile(source);
    kept.add(kernel);
    return kernel;
  };
  return gpu;
}
