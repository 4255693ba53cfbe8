/**
 * What the updates of all optimizers have in common.
 *
 * @module
 */

import { workgroupsFor } from "../gpu/dispatch.ts";
import type { TemplateValues } from "../gpu/template.ts";
import type { OptimizerState } from "../core/optimizer.ts";
import type { Parameter, Scope } from "../core/scope.ts";

/** The kernel of an optimizer. */
export interface UpdateKernel {
  /** Its name in messages. */
  readonly name: string;
  /** Its WGSL, which includes `kernels/optimizer/gradient.wgsl`. */
  readonly text: string;
  /** Its values, those of `gradient.wgsl` left out. */
  readonly values: TemplateValues;
  /** What it keeps from step to step: names of bindings, each as large as the parameter. */
  readonly state: readonly string[];
}

/** Lanes of a workgroup each of which takes a quad alone. */
const LANES = 64;
/** Lanes of a workgroup where some share a quad. */
const SHARING_LANES = 256;
/** Bytes of a quad. */
const QUAD_BYTES = 16;
/** Quads of which a part of a buffer that is bound begins at a multiple. */
const PART_UNIT = 16;
/** Quads of a part that is read through textures: 256 KiB. */
const PART_QUADS = 1 << 14;
/** Parts at most: with more of them the runs would cost more than their memory. */
const MOST_PARTS = 16;
/** Quads of all copies of a gradient that are read through one texture at most: those of the tutorial are 15,680. */
const COPIES_QUADS = 1 << 16;

/**
 * Adds the update of one parameter to a program.
 *
 * @param scope The optimizer's view of the program.
 * @param parameter The parameter.
 * @param update What updates it.
 * @returns What it keeps from step to step, by the names of the bindings.
 */
export async function compileUpdate(
  scope: Scope,
  parameter: Parameter,
  update: UpdateKernel,
): Promise<OptimizerState> {
  const quads = Math.ceil(parameter.size / 4);
  const { copies, gradient, values: parameters } = parameter;
  const { gradientSharers } = scope.gpu.preset;
  const sharers = copies < gradientSharers ? 1 : gradientSharers;
  const lanes = sharers === 1 ? LANES : SHARING_LANES / sharers;
  const state = Object.fromEntries(
    update.state.map((name) => [name, scope.buffer(quads * 16, name.replaceAll("_", " "))]),
  );
  const kernel = { ...update.values, copies, sharers, lanes };
  const run = (first: number, count: number, textureReads: boolean) => {
    const part = (buffer: GPUBuffer) =>
      count === quads ? buffer : { buffer, offset: first * QUAD_BYTES, size: count * QUAD_BYTES };
    const resources = { gradient, parameters, ...state };
    return scope.run("update", {
      name: update.name,
      texts: [update.text],
      values: { ...kernel, quads: count, textureReads },
      resources: Object.fromEntries(
        Object.entries(resources).map(([name, buffer]) => [name, part(buffer)]),
      ),
      workgroups: workgroupsFor(count, lanes),
    });
  };
  const reads = scope.gpu.readsTextures(copies * quads * QUAD_BYTES, { once: true });
  if (copies > 1 || !reads) {
    await run(0, quads, reads && copies * quads <= COPIES_QUADS);
    return state;
  }
  // Part by part, as each has its numbers in textures besides: all parts share those.
  const most = Math.max(PART_QUADS, Math.ceil(quads / MOST_PARTS / PART_UNIT) * PART_UNIT);
  for (let first = 0; first < quads; first += most) {
    await run(first, Math.min(most, quads - first), true);
  }
  return state;
}
