import type { Tensor } from "../formats/tensor.ts";
import { hash } from "../core/random.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Reading } from "../gpu/reading.ts";
import { readTensors } from "../model/tensors.ts";
import {
  deviceOrder,
  floatsOf,
  joined,
  misfit,
  type ParameterStore,
} from "../program/parameter_store.ts";
import type { Program } from "../program/program.ts";

/** What was learned, and what the optimizer keeps of it, read back from the device. */
export interface Snapshot {
  /** Steps of the optimizer before it. */
  readonly updates: number;
  /** What is learned and kept, by PyTorch's names. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** What the optimizer keeps of each tensor, by its name and that of what is kept. */
  readonly optimizer: ReadonlyMap<string, Tensor>;
}

/**
 * Copies what was learned, and what the optimizer keeps of it, as they are after what was submitted.
 *
 * @param gpu The device.
 * @param store What the network learns.
 * @param program What trains it.
 * @param updates Steps of the optimizer that were submitted.
 * @returns What reads the copy.
 */
export function takeSnapshot(
  gpu: Gpu,
  store: ParameterStore,
  program: Program,
  updates: number,
): Reading<Snapshot> {
  const { blocks } = store;
  const kept = [...program.compiled.states].flatMap(([block, state]) =>
    Object.entries(state).map(([name, buffer]) => ({ block, name, buffer, size: block.size }))
  );
  const reading = readTensors(gpu, [
    ...blocks.map(({ values, size }) => ({ buffer: values, size })),
    ...kept,
  ]);
  return async () => {
    const values = await reading();
    return {
      updates,
      parameters: new Map(blocks.flatMap((block, i) => store.tensorsOf(block, values[i]!))),
      optimizer: new Map(
        kept.flatMap(({ block, name }, i) =>
          store.tensorsOf(block, values[blocks.length + i]!, `.${name}`)
        ),
      ),
    };
  };
}

/**
 * Gives an optimizer what it kept.
 *
 * @param gpu The device.
 * @param program What trains.
 * @param tensors What was kept, by its names.
 * @throws {TypeError} If a tensor is missing or of another shape. Nothing has changed then.
 */
export function writeOptimizer(
  gpu: Gpu,
  program: Program,
  tensors: ReadonlyMap<string, Tensor>,
): void {
  const writes = [...program.compiled.states].flatMap(([block, state]) =>
    Object.entries(state).map(([kept, buffer]) => ({
      buffer,
      values: joined(block, ({ name, spec }) => {
        const full = `${name}.${kept}`;
        const what = "Cannot restore the state of a training as its tensor";
        const tensor = tensors.get(full);
        if (!tensor) throw new TypeError(`${what} "${full}" is missing`);
        const [flaw] = misfit(`"${full}"`, tensor, spec.shape);
        if (flaw !== undefined) throw new TypeError(`${what} ${flaw}`);
        return deviceOrder(spec, floatsOf(tensor));
      }),
    }))
  );
  for (const { buffer, values } of writes) gpu.write(buffer, values);
}

/**
 * Finds a parameter that is no number any more.
 *
 * @param parameters The parameters.
 * @returns The name of its tensor, and what it is instead; nothing if all are numbers.
 */
export function findNoNumber(
  parameters: Snapshot["parameters"],
): { readonly name: string; readonly value: number } | undefined {
  for (const [name, { data }] of parameters) {
    const value = (data as Float32Array).find((x) => !Number.isFinite(x));
    if (value !== undefined) return { name, value };
  }
  return undefined;
}

/**
 * A word that follows from all bits of what was learned.
 *
 * @param snapshot What was learned.
 * @returns A 32-bit word.
 */
export function wordOf({ updates, parameters, optimizer }: Snapshot): number {
  let word = hash(updates);
  for (const { data } of [...parameters.values(), ...optimizer.values()]) {
    const bits = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    for (const own of bits) word = hash(word ^ own);
  }
  return word;
}
