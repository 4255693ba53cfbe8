/** What the suites share: the parts of a network without a network, and runs repeated in one submit. */

import type { Gpu } from "../mod.ts";
import { CommandList, type Dispatch, type Layer, type Scope, type Shape } from "../src/extend.ts";
import { Stopwatch, type Work } from "../src/cli/bench/stopwatch.ts";
import { ProgramBuilder } from "../src/program/builder.ts";
import { ParameterStore } from "../src/program/parameter_store.ts";

/** Waiting for a submit takes 10 ms or so: it should have this much to do, in milliseconds. */
const SUBMIT_MILLISECONDS = 60;
/** What the iterations of a benchmark take together, in milliseconds. */
const BENCH_MILLISECONDS = 400;
const MOST_REPEATS = 2048;

const stopwatches = new WeakMap<Gpu, Promise<Stopwatch>>();

/** What a {@linkcode Collector} is made for. */
export interface CollectorOptions {
  /** Samples of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** What is compiled, if it is a layer, and what a sample has that comes in. */
  readonly layer?: { readonly network: Layer; readonly input: Shape };
  /** Classes of the network; 10 by default. */
  readonly classes?: number;
}

/** A kernel, bound. */
export type Bound = Pick<Dispatch, "name" | "encode">;

/** A program of a single step, to compile one layer, loss or optimizer in. */
export class Collector {
  readonly #builder: ProgramBuilder;
  /** The part's view of the program. */
  readonly scope: Scope;

  constructor(gpu: Gpu, { layer, classes = 10, ...options }: CollectorOptions) {
    const nothing: Layer = {
      kind: "nothing",
      outputShape: (shape) => shape,
      compile: (_, output) =>
        Promise.resolve({ output, backward: () => Promise.resolve(undefined) }),
      toJSON: () => ({ kind: "nothing" }),
    };
    const { network, input } = layer ?? { network: nothing, input: [1] };
    this.#builder = new ProgramBuilder({
      ...options,
      gpu,
      classes,
      store: new ParameterStore(gpu, "layer", network, input, [1]),
      mode: "train",
      variants: "auto",
      readout: "mean",
    });
    this.scope = this.#builder.scope("layer");
    // A step that learns: its key, its slot, its samples, and a learning rate for any optimizer.
    const { buffer } = this.#builder.step;
    gpu.write(buffer, Uint32Array.of(1, 0, options.batchSize, 1));
    gpu.write(buffer, Float32Array.of(1e-6, 1, 0, 0), 16);
  }

  /** What was added, in the order of a step. */
  get dispatches(): Bound[] {
    const { forward, backward, reduce, update } = this.#builder.phases;
    return [...forward, ...backward, ...reduce, ...update];
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
    const commands = new CommandList(gpu.device);
    for (let i = 0; i < repeats; i++) {
      work(commands);
      // Each repetition copies what it reads, as one alone does.
      commands.end();
    }
    await gpu.readBack(commands.end(), result, 4);
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
  dispatch: Bound,
  options: Omit<DeviceBench, "work">,
): Promise<void> {
  return benchDevice(gpu, { ...options, work: (commands) => dispatch.encode(commands, 0) });
}
