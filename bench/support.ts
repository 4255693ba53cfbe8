/** What the suites share: the parts of a network without a network, and runs repeated in one submit. */

import {
  type Compilation,
  type Dispatch,
  type Gpu,
  type Phase,
  Recorder,
  type StepBuffer,
} from "../mod.ts";
import { Stopwatch, type Work } from "../src/cli/bench/stopwatch.ts";

/** Waiting for a submit takes 10 ms or so: it should have this much to do, in milliseconds. */
const SUBMIT_MILLISECONDS = 60;
/** What the iterations of a benchmark take together, in milliseconds. */
const BENCH_MILLISECONDS = 400;
const MOST_REPEATS = 2048;

const stopwatches = new WeakMap<Gpu, Promise<Stopwatch>>();

/** A plan of a single step, to compile one layer, loss or optimizer in. */
export class Collector implements Compilation {
  readonly gpu: Gpu;
  readonly batchSize: number;
  readonly timeSteps: number;
  readonly features: number;
  readonly steps: StepBuffer;
  readonly samples: StepBuffer;
  readonly pixels: GPUTexture;
  readonly metrics: GPUBuffer;
  readonly storesV = false;
  /** What was added, in order. */
  readonly dispatches: Dispatch[] = [];

  constructor(
    gpu: Gpu,
    { batchSize, timeSteps, features }: Pick<Compilation, "batchSize" | "timeSteps" | "features">,
  ) {
    this.gpu = gpu;
    this.batchSize = batchSize;
    this.timeSteps = timeSteps;
    this.features = features;
    const window = (size: number, label: string): StepBuffer => ({
      buffer: this.buffer(size, label),
      stride: Math.ceil(size / 256) * 256,
      size,
    });
    this.steps = window(32, "steps");
    this.samples = window(16 * batchSize, "samples");
    this.pixels = this.texture(1, "pixels");
    this.metrics = this.buffer(8 * batchSize, "metrics");
    // A step that learns: its key, its slot, its samples, and a learning rate for any optimizer.
    gpu.write(this.steps.buffer, Uint32Array.of(1, 0, batchSize, 1));
    gpu.write(this.steps.buffer, Float32Array.of(1e-6, 1, 0, 0), 16);
  }

  tiles(): never {
    throw new Error("There are no lists of pixels");
  }

  buffer(bytes: number, label: string): GPUBuffer {
    return this.gpu.createBuffer(bytes, label);
  }

  texture(texels: number, label: string): GPUTexture {
    return this.gpu.createTexture(texels, label);
  }

  add(_: Phase, dispatch: Dispatch): void {
    this.dispatches.push(dispatch);
  }
}

/** A benchmark of work on a device. */
export interface DeviceBench {
  /** What is timed. */
  readonly name: string;
  /** Benchmarks that are compared: all of the same number of runs. */
  readonly group?: string;
  /** Whether the others of the group are compared with this one. */
  readonly baseline?: boolean;
  /** How often an iteration runs the work; by default so often that it takes long enough. */
  readonly repeats?: number;
  /** The work. */
  readonly work: Work;
}

/**
 * How often work is to be repeated for a submit to take long enough.
 *
 * @param gpu The device.
 * @param work The work.
 * @returns A power of 2, and milliseconds of one run.
 */
export async function repeatsFor(
  gpu: Gpu,
  work: Work,
): Promise<{ repeats: number; milliseconds: number }> {
  let stopwatch = stopwatches.get(gpu);
  if (!stopwatch) {
    stopwatch = Stopwatch.start(gpu, { rounds: 1, milliseconds: 10 });
    stopwatches.set(gpu, stopwatch);
  }
  const milliseconds = await (await stopwatch).time(work);
  const ideal = SUBMIT_MILLISECONDS / Math.max(milliseconds, 1e-6);
  const repeats = 2 ** Math.round(Math.log2(Math.max(1, Math.min(MOST_REPEATS, ideal))));
  return { repeats, milliseconds };
}

/**
 * Registers a benchmark; an iteration is a number of runs in one submit, which its name states.
 *
 * @param gpu The device.
 * @param bench The benchmark.
 */
export async function benchDevice(gpu: Gpu, bench: DeviceBench): Promise<void> {
  const { name, group, baseline, work } = bench;
  const measured = await repeatsFor(gpu, work);
  const repeats = bench.repeats ?? measured.repeats;
  const result = gpu.createBuffer(4, "result");
  const n = iterations(repeats * measured.milliseconds);
  Deno.bench(`${repeats} x ${name} (${gpu.name})`, {
    ...group === undefined ? {} : { group },
    ...baseline === undefined ? {} : { baseline },
    n,
    warmup: 1,
  }, async () => {
    const recorder = new Recorder(gpu.device);
    for (let i = 0; i < repeats; i++) {
      work(recorder);
      // Each repetition copies what it reads, as one alone does.
      recorder.end();
    }
    await gpu.readBack(recorder.end(), result, 4);
  });
}

/**
 * How many iterations a benchmark has.
 *
 * @param milliseconds What an iteration takes.
 * @returns As many as there is time for.
 */
export function iterations(milliseconds: number): number {
  return Math.max(3, Math.min(10, Math.round(BENCH_MILLISECONDS / milliseconds)));
}

/**
 * Registers a benchmark of one dispatch.
 *
 * @param gpu The device.
 * @param dispatch The dispatch.
 * @param options What it is, and what it is compared with.
 */
export function benchDispatch(
  gpu: Gpu,
  dispatch: Dispatch,
  options: Omit<DeviceBench, "work">,
): Promise<void> {
  return benchDevice(gpu, { ...options, work: (recorder) => dispatch.encode(recorder, 0) });
}
