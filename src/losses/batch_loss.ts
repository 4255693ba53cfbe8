import { loss } from "../../kernels/mod.ts";
import type { TemplateValues } from "../gpu/template.ts";
import type { Compilation } from "../signal/compilation.ts";
import type { ConstantGradient, Signal, SpikeSignal } from "../signal/signal.ts";

/** Lanes of a workgroup in `kernels/loss/batch.wgsl`. */
const LANES = 64;

/** What tells the loss of a batch from another. */
export interface BatchLoss {
  /** Its name. */
  readonly name: string;
  /** Output classes. */
  readonly classes: number;
  /** WGSL with `sample_loss`, see `kernels/loss/batch.wgsl`. */
  readonly texts: readonly string[];
  /** Values of its `override` constants. */
  readonly values: TemplateValues;
  /** What the WGSL binds: `counts` or, where the output is values, `values` among them. */
  readonly buffers: Readonly<Record<string, GPUBuffer>>;
}

/**
 * Adds the loss and the answer of each sample to a plan.
 *
 * @param compilation The plan in the making.
 * @param batchLoss The loss.
 */
export async function compileBatchLoss(
  compilation: Compilation,
  { name, classes, texts, values, buffers }: BatchLoss,
): Promise<void> {
  const { gpu, batchSize, steps: step, samples, metrics } = compilation;
  const kernel = await gpu.compile({
    name: `loss/${name}`,
    texts: [...texts, loss.batch],
    values: {
      ...values,
      batch: batchSize,
      classes,
      scoreIsValue: "values" in buffers,
    },
  });
  const groups = Math.ceil(batchSize / LANES);
  compilation.add("forward", await kernel.bind({ ...buffers, step, samples, metrics }, [groups]));
}

/**
 * Adds a loss that follows from spike counts to a plan.
 *
 * @param compilation The plan in the making.
 * @param output The network's output: spikes `[T, batch, classes]`.
 * @param batchLoss The loss, its WGSL writing `gradients`, f32 `[batch][classes]`.
 * @returns The gradient, the same at each time step.
 * @throws {TypeError} If the output isn't spikes.
 */
export async function compileCountLoss(
  compilation: Compilation,
  output: Signal,
  { name, texts, values }: Pick<BatchLoss, "name" | "texts" | "values">,
): Promise<ConstantGradient> {
  const { features: classes, counts } = spikesOf(output, name);
  const gradients = compilation.buffer(compilation.batchSize * classes * 4, "spike gradient");
  await compileBatchLoss(compilation, {
    name,
    classes,
    texts,
    values,
    buffers: { counts, gradients },
  });
  return { kind: "constant", values: gradients };
}

/**
 * Checks that a network's output is spikes that a loss can read.
 *
 * @param output The network's output.
 * @param name The loss's name.
 * @returns The output.
 * @throws {TypeError} If it isn't spikes, spikes of no class, or spikes after dropout.
 */
export function spikesOf(output: Signal, name: string): SpikeSignal {
  const what = `Cannot compile the loss ${name} as it reads spikes`;
  if (output.kind !== "spikes") throw new TypeError(`${what}: got a signal of ${output.kind}`);
  if (output.scale !== undefined && output.scale !== 1) {
    throw new TypeError(`${what} that count 1 each: got some that count ${output.scale}`);
  }
  checkClasses(output, name);
  return output;
}

/**
 * Checks that a network's output has classes.
 *
 * @param output The network's output.
 * @param name The loss's name.
 * @throws {TypeError} If it has none.
 */
export function checkClasses({ features }: Signal, name: string): void {
  if (!Number.isInteger(features) || features < 1) {
    throw new TypeError(
      `Cannot compile the loss ${name} as it takes an output of at least 1 class: got ${features}`,
    );
  }
}
