import * as kernels from "../../kernels/optimizer/mod.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import type { ProgramBuilder } from "./builder.ts";

/** How the gradients of an update are clipped. */
export interface ClipOptions {
  /**
   * The largest norm of all parameters' gradient together: a larger one is scaled down, as
   * `torch.nn.utils.clip_grad_norm_` does.
   */
  readonly norm?: number;
  /** The largest absolute value of each number, as `torch.nn.utils.clip_grad_value_`. */
  readonly value?: number;
}

/** Lanes of a workgroup in `kernels/optimizer/reduce.wgsl` and `clip.wgsl`. */
const LANES = 64;

/** What is made of the gradient of a step. */
export interface ReduceOptions {
  /** What it is multiplied by. */
  readonly scale: number;
  /** Whether an update has several steps. */
  readonly adds: boolean;
  /** How that of an update is clipped. */
  readonly clip?: ClipOptions;
}

/**
 * Adds what brings the gradient of each parameter into one piece, and clips it. The optimizer reads that
 * piece then. Nothing of it is there where nobody asks: an optimizer adds up the copies by itself. Nor does
 * anything run for a gradient that is in one piece already.
 *
 * @param builder The program in the making.
 * @param options What is made of the gradient of a step.
 */
export async function reduceGradients(
  builder: ProgramBuilder,
  { scale, adds, clip = {} }: ReduceOptions,
): Promise<void> {
  const scope = builder.scope("gradients");
  for (const [block, parameter] of builder.parameters) {
    const { size, gradient, copies } = parameter;
    if (copies === 1 && scale === 1 && !adds) continue;
    const quads = Math.ceil(size / 4);
    const total = scope.buffer(quads * 16, "gradient");
    await scope.run("reduce", {
      name: "optimizer/reduce",
      texts: [kernels.reduce],
      values: { quads, copies, scale },
      resources: { gradient, total },
      workgroups: workgroupsFor(quads, LANES),
    });
    builder.parameters.set(block, { ...parameter, gradient: total, copies: 1 });
  }
  const parameters = [...builder.parameters.values()];
  if (clip.norm !== undefined) {
    const squares = scope.buffer(parameters.length * 4, "squares");
    for (const [place, { size, gradient }] of parameters.entries()) {
      await scope.run("update", {
        name: "optimizer/squares",
        texts: [kernels.squares],
        values: { size, place },
        resources: { gradient, squares },
        workgroups: [1],
      });
    }
    await clipAll({ byNorm: true, most: clip.norm, parameters: parameters.length }, { squares });
  }
  if (clip.value !== undefined) {
    await clipAll({ byNorm: false, most: clip.value, parameters: parameters.length }, {});
  }

  async function clipAll(
    values: Readonly<Record<string, number | boolean>>,
    resources: Readonly<Record<string, GPUBuffer>>,
  ): Promise<void> {
    for (const { size, gradient } of parameters) {
      const quads = Math.ceil(size / 4);
      await scope.run("update", {
        name: "optimizer/clip",
        texts: [kernels.clip],
        values: { ...values, quads },
        resources: { ...resources, gradient },
        workgroups: workgroupsFor(quads, LANES),
      });
    }
  }
}
