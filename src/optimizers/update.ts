/**
 * What the updates of all optimizers have in common.
 *
 * @module
 */

import { workgroupsFor } from "../gpu/kernel.ts";
import type { TemplateValues } from "../gpu/template.ts";
import type { Compilation, Parameter } from "../signal/compilation.ts";
import type { OptimizerState } from "./optimizer.ts";

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
 * Adds the update of one parameter to a plan.
 *
 * @param compilation The plan in the making.
 * @param parameter The parameter.
 * @param update What updates it.
 * @returns What it keeps from step to step, by the names of the bindings.
 */
export async function compileUpdate(
  compilation: Compilation,
  parameter: Parameter,
  update: UpdateKernel,
): Promise<OptimizerState> {
  const quads = Math.ceil(parameter.size / 4);
  const { copies } = parameter;
  const { gradientSharers } = compilation.gpu.preset;
  const sharers = copies < gradientSharers ? 1 : gradientSharers;
  const lanes = sharers === 1 ? LANES : SHARING_LANES / sharers;
  const kernel = await compilation.gpu.compile({
    name: update.name,
    texts: [update.text],
    values: {
      ...update.values,
      copies,
      sharers,
      lanes,
      quads,
    },
  });
  const state = Object.fromEntries(
    update.state.map((name) => [name, compilation.buffer(quads * 16, name.replaceAll("_", " "))]),
  );
  compilation.add(
    "update",
    await kernel.bind({
      step: compilation.steps,
      gradient: parameter.gradient,
      parameters: parameter.values,
      ...state,
    }, workgroupsFor(quads, lanes)),
  );
  return state;
}
