import { align } from "../../text/align.ts";
import type { BenchReport, NetworkResult, NeuronResult } from "./measure.ts";

/**
 * Writes a report as tables for people.
 *
 * @param report The report.
 * @returns Lines of text.
 */
export function benchTable(report: BenchReport): string {
  const { adapter, preset, versions, timing, rounds } = report;
  return [
    `${adapter}, kernels cut for ${preset === "gpu" ? "a GPU" : "a software driver"}`,
    `Galvani ${versions.galvani}, Deno ${versions.deno}, ${report.platform}, ${report.date}`,
    `Kernels timed by ${timing}; the best of ${rounds} rounds`,
    ...neuronTable(report.neurons),
    ...report.networks.flatMap(networkTable),
  ].join("\n");
}

function neuronTable(results: readonly NeuronResult[]): string[] {
  if (results.length === 0) return [];
  const rows = results.map((result) => [
    String(result.neurons),
    String(result.timeSteps),
    result.kernel,
    figure(result.milliseconds),
    figure(result.nanosecondsPerNeuronStep),
    figure(result.gigabytesPerSecond),
    `${Math.round(100 * result.shareOfCopy)} %`,
  ]);
  const head = ["N", "T", "LIF neurons", "ms", "ns/neuron/step", "GB/s", "of copying"];
  return ["", ...align([head, ...rows], [2])];
}

function networkTable(result: NetworkResult): string[] {
  const rows = result.kernels.map(({ kernel, milliseconds }) => [kernel, figure(milliseconds)]);
  const step = ["whole step", figure(result.stepMilliseconds)];
  return [
    "",
    ...align([[result.network, "ms"], ...rows, step], [0]),
    `${Math.round(result.imagesPerSecond)} images/s`,
  ];
}

/** Three digits that say something, or more before the point. */
function figure(value: number): string {
  if (value >= 100 || value === 0) return value.toFixed(0);
  return value.toFixed(Math.min(6, 2 - Math.floor(Math.log10(value))));
}
