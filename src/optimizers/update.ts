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
  await scope.run("update", {
    name: update.name,
    texts: [update.text],
    values: { ...update.values, copies, sharers, lanes, quads },
    resources: { gradient, parameters, ...state },
    workgroups: workgroupsFor(quads, lanes),
  });
  return state;
}
