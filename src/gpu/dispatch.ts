/**
 * Work of the device that is ready to be encoded.
 *
 * @module
 */

import type { BufferPart } from "./bindings.ts";
import type { CommandList } from "./commands.ts";

/** A kernel with all that it reads and writes, or several of them. */
export interface Dispatch {
  /** The kernel's name. */
  readonly name: string;
  /**
   * Puts the dispatch into commands.
   *
   * @param commands The commands.
   * @param step Which step of the chunk its step buffers show.
   */
  encode(commands: CommandList, step: number): void;
}

/** What a dispatch of one kernel is made of. */
export interface DispatchParts {
  /** The kernel's name. */
  readonly name: string;
  /** The kernel. */
  readonly pipeline: GPUComputePipeline;
  /** What it is bound to. */
  readonly group: GPUBindGroup;
  /** Bytes from one step to the next in each step buffer, in the order of the bindings. */
  readonly strides: readonly number[];
  /** What is copied into textures before. */
  readonly copies: readonly { readonly part: BufferPart; readonly texture: GPUTexture }[];
  /** The buffers that the kernel changes. */
  readonly writes: readonly GPUBuffer[];
  /** How many workgroups run in x, y and z. */
  readonly workgroups: readonly [number, number?, number?];
}

/**
 * Makes the dispatch of one kernel.
 *
 * @param parts What it is made of.
 * @returns The dispatch.
 */
export function createDispatch(parts: DispatchParts): Dispatch {
  const { name, pipeline, group, strides, copies, writes, workgroups } = parts;
  return {
    name,
    encode(commands, step) {
      for (const { part, texture } of copies) commands.copy(part, texture);
      const pass = commands.pass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group, strides.map((stride) => stride * step));
      pass.dispatchWorkgroups(...workgroups);
      for (const buffer of writes) commands.changed(buffer);
    },
  };
}

/**
 * Makes one dispatch of several that always run one after another.
 *
 * @param name The name of all.
 * @param dispatches The dispatches, in order.
 * @returns The dispatch.
 */
export function sequence(name: string, dispatches: readonly Dispatch[]): Dispatch {
  return {
    name,
    encode(commands, step) {
      for (const dispatch of dispatches) dispatch.encode(commands, step);
    },
  };
}

/**
 * How many workgroups a kernel needs that gives each lane one item, within the limit of 65,535 in a
 * dimension: the kernel counts lanes over x and y.
 *
 * @param items How many items there are.
 * @param lanes Lanes of a workgroup.
 * @returns Workgroups in x and y.
 */
export function workgroupsFor(items: number, lanes: number): [number, number] {
  const groups = Math.ceil(items / lanes);
  const rows = Math.ceil(groups / 65535);
  return [Math.ceil(groups / rows), rows];
}
