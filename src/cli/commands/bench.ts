import { BENCH_SIZES, type BenchReport, type BenchSizes, measure } from "../bench/measure.ts";
import type { BenchOptions } from "../bench/options.ts";
import { benchTable } from "../bench/table.ts";
import { writeWhole } from "../run/files.ts";
import { openGpu } from "../device/open_gpu.ts";
import { writeJson } from "../run/write_json.ts";

/**
 * Measures the adapter at hand and prints a table: kernels of LIF neurons alone with their share of
 * the memory's bandwidth, and the training steps of two networks with their kernels.
 *
 * @param options The command's options.
 * @param sizes What is measured.
 * @returns The figures of the table.
 */
export async function bench(
  options: BenchOptions,
  sizes: BenchSizes = BENCH_SIZES,
): Promise<BenchReport> {
  using gpu = await openGpu(options);
  const { json } = options;
  // A file that can't be written is known before the work is done.
  if (json !== undefined) await writeWhole(json, "");
  console.error(`Measuring ${gpu.name}`);
  const report = await measure(gpu, sizes);
  console.log(benchTable(report));
  if (json !== undefined) await writeJson(json, report);
  return report;
}
