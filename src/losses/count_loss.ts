import { loss } from "../../kernels/mod.ts";
import type { TemplateValues } from "../gpu/template.ts";
import type { Compilation } from "../signal/compilation.ts";
import type { ConstantGradient, Signal } from "../signal/signal.ts";

/**
 * Adds a loss that follows from spike counts to a plan.
 *
 * @param compilation The plan in the making.
 * @param output The network's output.
 * @param name The loss's name.
 * @param texts WGSL with `sample_loss`, see `kernels/loss/batch.wgsl`.
 * @param values Values of its `override` constants.
 * @returns The gradient, the same at each time step.
 * @throws {TypeError} If the output isn't spikes.
 */
export async function compileCountLoss(
  compilation: Compilation,
  output: Signal,
  name: string,
  texts: readonly string[],
  values: TemplateValues,
): Promise<ConstantGradient> {
  if (output.kind !== "spikes") {
    throw new TypeError(
      `Cannot compile the loss ${name} as it reads spikes: got a signal of ${output.kind}`,
    );
  }
  const { gpu, batchSize, steps: step, samples, metrics } = compilation;
  const classes = output.features;
  const kernel = await gpu.compile({
    name: `loss/${name}`,
    texts: [...texts, loss.batch],
    values: { ...values, batch: batchSize, classes },
  });
  const gradients = compilation.buffer(batchSize * classes * 4, "spike gradient");
  const { counts } = output;
  compilation.add("forward", await kernel.bind({ step, samples, counts, gradients, metrics }, [1]));
  return { kind: "constant", values: gradients };
}
