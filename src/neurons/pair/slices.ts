/**
 * How many neurons run in slices, a dispatch each (`kernels/lib/slice.wgsl`): where a driver reads
 * copies of dense signals faster, the copies of a slice are small enough for the caches.
 *
 * @module
 */

import type { BufferPart, Resource } from "../../gpu/bindings.ts";
import { type Dispatch, sequence, workgroupsFor } from "../../gpu/dispatch.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import type { Kernel } from "../../gpu/kernel.ts";

/** Dense signals of so many bytes are copied whole: the backward kernel finds the forward one's copy. */
const WHOLE_BYTES = 1 << 25;
/** Copies of larger ones have at most so many, which stay in the caches. */
const SLICE_BYTES = 1 << 22;
/**
 * The same of neurons whose current is the same at each time step: nobody finds the copies of other signals again.
 * Whole, that of 784-800-10's first neurons would take 1.6 ms instead of 3.0, and 3.4 MB instead of 0.5 (Zen 3).
 */
const CONSTANT_SLICE_BYTES = 1 << 19;
/** Slices of them at most: each has the whole current copied. */
const MOST_CONSTANT_SLICES = 8;
/** Bytes from one slice's record to the next, as WebGPU has it for parts of a uniform buffer. */
const RECORD_STRIDE = 256;
/** Bytes of a record: the first neuron, and the one after the last. */
const RECORD_BYTES = 8;

/** Where neurons run, and who makes the buffers that they need. */
export interface NeuronHost {
  /** The GPU. */
  readonly gpu: Gpu;
  /** Makes a buffer that lives as long as the neurons are run. */
  buffer(bytes: number, label: string): GPUBuffer;
}

/** How neurons are cut into slices. */
export interface Slices {
  /** How many neurons there are. */
  readonly neurons: number;
  /** Neurons of a slice, a multiple of 8; the last may have fewer. */
  readonly width: number;
  /** Bytes of all the time of a neuron in a dense signal. */
  readonly neuronBytes: number;
}

/**
 * Cuts neurons into slices where that is worth it.
 *
 * @param signal How many neurons there are, bytes of all the time of one in a dense signal, lanes of a workgroup
 * (a multiple of 8), and whether the current is none, but the same at each time step.
 * @returns The slices; nothing if all run at once.
 */
export function cutSlices({ neurons, neuronBytes, lanes, constantCurrent }: {
  readonly neurons: number;
  readonly neuronBytes: number;
  readonly lanes: number;
  readonly constantCurrent: boolean;
}): Slices | undefined {
  const all = neurons * neuronBytes;
  const [whole, slice] = constantCurrent
    ? [CONSTANT_SLICE_BYTES, Math.max(CONSTANT_SLICE_BYTES, Math.ceil(all / MOST_CONSTANT_SLICES))]
    : [WHOLE_BYTES, SLICE_BYTES];
  if (all <= whole) return undefined;
  const width = Math.max(1, Math.floor(slice / (neuronBytes * lanes))) * lanes;
  return { neurons, width, neuronBytes };
}

/**
 * Binds a kernel that includes `lib/slice` to each slice.
 *
 * @param host Where it runs.
 * @param kernel The kernel.
 * @param resources What it binds. A buffer as large as a dense signal is copied slice by slice.
 * @param options The slices, and how many lanes a workgroup has.
 * @returns One dispatch that runs all slices.
 */
export async function bindSlices(
  host: NeuronHost,
  kernel: Kernel,
  resources: Readonly<Record<string, Resource>>,
  { slices, lanes }: { readonly slices: Slices; readonly lanes: number },
): Promise<Dispatch> {
  const { neurons, width, neuronBytes } = slices;
  const count = Math.ceil(neurons / width);
  const records = new Uint32Array(count * RECORD_STRIDE / 4);
  for (let i = 0; i < count; i++) {
    const range = [i * width, Math.min(neurons, (i + 1) * width)];
    records.set(range, i * RECORD_STRIDE / 4);
  }
  const buffer = host.buffer(records.byteLength, "slices");
  host.gpu.write(buffer, records);
  const dense = Object.entries(resources).filter((entry): entry is [string, GPUBuffer] =>
    "size" in entry[1] && !("buffer" in entry[1]) && entry[1].size >= neurons * neuronBytes
  );
  const dispatches: Dispatch[] = [];
  for (let i = 0; i < count; i++) {
    const offset = i * width * neuronBytes;
    const copies = dense.map(([name, buffer]): [string, BufferPart] => {
      const size = Math.min(width * neuronBytes, buffer.size - offset);
      return [`${name}_copy`, { buffer, offset, size }];
    });
    const slice = { buffer, offset: i * RECORD_STRIDE, size: RECORD_BYTES };
    const all = { ...resources, ...Object.fromEntries(copies), slice };
    dispatches.push(await kernel.bind(all, workgroupsFor(width, lanes)));
  }
  return sequence(kernel.name, dispatches);
}
