/**
 * What the kernels of all loops of recurrent layers take.
 *
 * @module
 */

import { timeQuads } from "../core/time.ts";
import { joinValues, type TemplateValues } from "../gpu/template.ts";
import type { LoopGradients, RecurrentSetup } from "./setup.ts";

/**
 * The values of a loop's kernel.
 *
 * @param setup The layer.
 * @param own What only this kernel takes.
 * @returns All values.
 */
export function loopValues(
  { scope, features, parameter, bias, equations }: RecurrentSetup,
  own: TemplateValues,
): TemplateValues {
  const { gpu, batchSize, timeSteps } = scope;
  return joinValues({
    "the neurons": equations.values,
    "the layer": {
      batch: batchSize,
      features,
      outputs: features,
      bias,
      steps: timeSteps,
      quads: timeQuads(timeSteps),
      parameterQuads: Math.ceil(parameter.size / 4),
      uniformParameters: gpu.readsUniform(parameter.values.size),
      textureReads: gpu.readsTextures(
        Math.max(parameter.values.size, timeSteps * batchSize * features * 4),
      ),
      lengths: scope.lengths !== undefined,
    },
    "the loop": own,
  });
}

/**
 * The values of a kernel that takes gradients.
 *
 * @param setup The layer.
 * @param gradients What comes in and goes out.
 * @returns The values.
 */
export function gradientValues(
  { equations }: RecurrentSetup,
  { output, traces, shares }: LoopGradients,
): TemplateValues {
  return {
    constantOutputGradient: output?.over === "constant",
    denseOutputGradient: output?.over === "time",
    outers: Object.keys(traces).length,
    learned: shares ? equations.constants.learned.length : 0,
  };
}

/**
 * What a kernel that takes gradients binds.
 *
 * @param gradients What comes in and goes out.
 * @returns The buffers by their names.
 */
export function gradientResources(
  { output, traces, shares }: LoopGradients,
): Record<string, GPUBuffer> {
  return {
    ...output ? { output_gradient: output.buffer } : {},
    ...Object.fromEntries(
      Object.entries(traces).map(([name, buffer]) => [`${name}_gradient`, buffer]),
    ),
    ...shares ? { shares } : {},
  };
}
