import manifest from "../../../deno.json" with { type: "json" };
import type { Gpu } from "../../gpu/gpu.ts";
import { copyBandwidth } from "./copy_bandwidth.ts";
import { syntheticImages } from "./images.ts";
import {
  compileNetworkStep,
  featuresOf,
  networkName,
  type NetworkSize,
  timeSteps,
  TUTORIAL,
  TWO_LAYERS,
} from "./network_step.ts";
import { compileNeuronPair, largestNeuronBytes } from "./neuron_pair.ts";
import { Stopwatch } from "./stopwatch.ts";

/** What is measured, and for how long. */
export interface BenchSizes {
  /** N and T of layers of LIF neurons alone; those that don't fit the device are left out. */
  readonly neurons: readonly (readonly [neurons: number, timeSteps: number])[];
  /** Networks whose training step is measured. */
  readonly networks: readonly NetworkSize[];
  /** How often each is measured; the fastest counts. */
  readonly rounds: number;
  /** How long a round of a kernel takes, in milliseconds. */
  readonly kernelMilliseconds: number;
  /** How long a round of training steps takes, in milliseconds. */
  readonly stepMilliseconds: number;
}

/** What the command measures. */
export const BENCH_SIZES: BenchSizes = {
  neurons: [[2 ** 12, 100], [2 ** 16, 16], [2 ** 16, 100], [2 ** 20, 4], [2 ** 20, 16]],
  networks: [TUTORIAL, TWO_LAYERS],
  rounds: 5,
  kernelMilliseconds: 50,
  stepMilliseconds: 600,
};

/** A kernel of a layer of LIF neurons alone. */
export interface NeuronResult {
  /** N. */
  readonly neurons: number;
  /** T. */
  readonly timeSteps: number;
  /** Which of the layer's kernels. */
  readonly kernel: string;
  /** How long it takes. */
  readonly milliseconds: number;
  /** The same for a neuron and a time step, in nanoseconds. */
  readonly nanosecondsPerNeuronStep: number;
  /** What it reads and writes, in gigabytes a second. */
  readonly gigabytesPerSecond: number;
  /** That divided by what a kernel reaches that only copies. */
  readonly shareOfCopy: number;
}

/** The training step of a network. */
export interface NetworkResult {
  /** Layers, encoder, T and batch size. */
  readonly network: string;
  /** The kernels of a step, each run alone, in the order in which they were compiled. */
  readonly kernels: readonly { readonly kernel: string; readonly milliseconds: number }[];
  /** The whole step. */
  readonly stepMilliseconds: number;
  /** Images that the network learns from in a second. */
  readonly imagesPerSecond: number;
}

/** A device that copies memory. */
export interface CopyResult {
  /** How much it copies. */
  readonly bytes: number;
  /** What it reads and writes, in gigabytes a second. */
  readonly gigabytesPerSecond: number;
}

/** All that was measured. */
export interface BenchReport {
  /** The adapter's name. */
  readonly adapter: string;
  /** What kind of adapter kernels were cut for. */
  readonly preset: string;
  /** When, in ISO 8601. */
  readonly date: string;
  /** Of the programs. */
  readonly versions: { readonly galvani: string; readonly deno: string };
  /** Operating system and processor. */
  readonly platform: string;
  /** Processors that the program sees. */
  readonly processors: number;
  /** How kernels were timed. */
  readonly timing: "timestamps" | "repeats in one submit";
  /** How often; the fastest counts. */
  readonly rounds: number;
  /** Copies of the sizes of the neurons' memory. */
  readonly copies: readonly CopyResult[];
  /** LIF neurons alone. */
  readonly neurons: readonly NeuronResult[];
  /** Training steps. */
  readonly networks: readonly NetworkResult[];
}

/** The largest buffer on a software driver: its memory is the program's. */
const MOST_SOFTWARE_BYTES = 2 ** 26;

/**
 * Measures a device.
 *
 * @param gpu The device.
 * @param sizes What is measured.
 * @returns The figures.
 */
export async function measure(gpu: Gpu, sizes: BenchSizes): Promise<BenchReport> {
  const { rounds } = sizes;
  using stopwatch = await Stopwatch.start(gpu, { rounds, milliseconds: sizes.kernelMilliseconds });
  const copies = new Map<number, CopyResult>();
  const neurons: NeuronResult[] = [];
  for (const size of sizes.neurons) {
    neurons.push(...await measureNeurons(gpu, stopwatch, copies, size));
  }
  const networks: NetworkResult[] = [];
  for (const size of sizes.networks) {
    networks.push(await measureNetwork(gpu, stopwatch, sizes, size));
  }
  return {
    adapter: gpu.name,
    preset: gpu.preset.name,
    date: new Date().toISOString(),
    versions: { galvani: manifest.version, deno: Deno.version.deno },
    platform: `${Deno.build.os} ${Deno.build.arch}`,
    processors: navigator.hardwareConcurrency,
    timing: stopwatch.hasTimestamps ? "timestamps" : "repeats in one submit",
    rounds,
    copies: [...copies.values()],
    neurons,
    networks,
  };
}

/**
 * The largest buffer that a layer of neurons may have in measurements.
 *
 * @param gpu The device.
 * @returns Bytes.
 */
export function mostBytes(gpu: Gpu): number {
  return Math.min(gpu.largestBuffer, gpu.isSoftware ? MOST_SOFTWARE_BYTES : Infinity);
}

async function measureNeurons(
  gpu: Gpu,
  stopwatch: Stopwatch,
  copies: Map<number, CopyResult>,
  [neurons, timeSteps]: BenchSizes["neurons"][number],
): Promise<NeuronResult[]> {
  if (largestNeuronBytes({ neurons, timeSteps }) > mostBytes(gpu)) return [];
  using pair = await compileNeuronPair(gpu, { neurons, timeSteps });
  const results: NeuronResult[] = [];
  for (const { name, dispatch, bytes } of pair.kernels) {
    const milliseconds = await stopwatch.time((commands) => dispatch.encode(commands, 0));
    // A copy reads and writes, so it has half of the kernel's bytes twice; a power of 2 is shared.
    const half = Math.min(2 ** Math.round(Math.log2(bytes / 2)), mostBytes(gpu));
    let copy = copies.get(half);
    if (!copy) {
      const gigabytesPerSecond = await copyBandwidth(gpu, stopwatch, half);
      copies.set(half, copy = { bytes: half, gigabytesPerSecond });
    }
    const gigabytesPerSecond = bytes / milliseconds / 1e6;
    results.push({
      neurons,
      timeSteps,
      kernel: name,
      milliseconds,
      nanosecondsPerNeuronStep: milliseconds * 1e6 / (neurons * timeSteps),
      gigabytesPerSecond,
      shareOfCopy: gigabytesPerSecond / copy.gigabytesPerSecond,
    });
  }
  return results;
}

async function measureNetwork(
  gpu: Gpu,
  stopwatch: Stopwatch,
  { rounds, stepMilliseconds }: BenchSizes,
  size: NetworkSize,
): Promise<NetworkResult> {
  const data = syntheticImages(16 * size.batchSize);
  const step = await compileNetworkStep(gpu, size, data);
  using _ = step;
  const times = await timeSteps(step, { milliseconds: stepMilliseconds, rounds });
  const best = Math.min(...times);
  // The kernels see the batch of this step.
  await step.program.run(step.steps(1));
  const kernels: { kernel: string; milliseconds: number }[] = [];
  for (const dispatch of step.program.dispatches) {
    const milliseconds = await stopwatch.time((commands) => dispatch.encode(commands, 0));
    kernels.push({ kernel: dispatch.name, milliseconds });
  }
  return {
    network: networkName(size, featuresOf(data)),
    kernels,
    stepMilliseconds: best,
    imagesPerSecond: size.batchSize / best * 1000,
  };
}
