import * as loss from "../../kernels/loss/mod.ts";
import type { TemplateValues } from "../gpu/template.ts";
import type { Scope } from "../core/scope.ts";
import { describeSignal, type Gradient, type Signal, type SpikeSignal } from "../core/signal.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { readOut } from "./read_out.ts";

/** Lanes of a workgroup in `kernels/loss/batch.wgsl`. */
const LANES = 64;

/** What tells the loss of a batch from another. */
export interface BatchLoss {
  /** Its name. */
  readonly name: string;
  /** WGSL with `sample_loss`, see `kernels/loss/batch.wgsl`. */
  readonly texts: readonly string[];
  /** Values of its `override` constants. */
  readonly values: TemplateValues;
}

/** Adds the kernel that computes the loss and the answer of each sample. */
async function compileBatch(
  scope: Scope,
  { name, texts, values }: BatchLoss,
  classes: number,
  buffers: Readonly<Record<string, GPUBuffer>>,
): Promise<void> {
  const { batchSize, metrics, mode } = scope;
  await scope.run("forward", {
    name: `loss/${name}`,
    texts: [...texts, loss.batch],
    values: {
      ...values,
      batch: batchSize,
      classes,
      scoreIsValue: "values" in buffers,
      reportScores: mode !== "train",
      gradients: "gradients" in buffers,
    },
    resources: { ...buffers, metrics },
    workgroups: [Math.ceil(batchSize / LANES)],
  });
}

/** A buffer for the gradient of the scores, where the program learns. */
const gradientOf = (scope: Scope, classes: number) =>
  scope.mode === "train"
    ? scope.buffer(scope.batchSize * classes * 4, "score gradient")
    : undefined;

/**
 * Adds a loss that follows from spike counts to a program.
 *
 * @param scope The loss's view of the program.
 * @param output The network's output: spikes `[T, batch, classes]`.
 * @param batchLoss The loss.
 * @returns The gradient, the same at each time step, where the program learns.
 * @throws {TypeError} If the output isn't spikes.
 */
export async function compileCountLoss(
  scope: Scope,
  output: Signal,
  batchLoss: BatchLoss,
): Promise<Gradient | undefined> {
  const { counts, shape } = spikesOf(output, batchLoss.name);
  const classes = sizeOf(shape);
  const gradients = gradientOf(scope, classes);
  await compileBatch(scope, batchLoss, classes, { counts, ...gradients ? { gradients } : {} });
  return gradients && { values: { over: "constant", buffer: gradients } };
}

/**
 * Adds a loss that follows from one value for each class to a program.
 *
 * @param scope The loss's view of the program.
 * @param output The network's output: numbers, which are read out where they are over time.
 * @param batchLoss The loss.
 * @returns The gradient, where the program learns.
 * @throws {TypeError} If the output isn't numbers.
 */
export async function compileValueLoss(
  scope: Scope,
  output: Signal,
  batchLoss: BatchLoss,
): Promise<Gradient | undefined> {
  const scores = await readOut(scope, output, batchLoss.name);
  checkClasses(output, batchLoss.name);
  const classes = sizeOf(output.shape);
  const gradients = gradientOf(scope, classes);
  const { values } = scores;
  await compileBatch(scope, batchLoss, classes, { values, ...gradients ? { gradients } : {} });
  return gradients && await scores.backward(gradients);
}

/**
 * Adds a loss whose shares another kernel has computed to a program.
 *
 * @param scope The loss's view of the program.
 * @param name The loss's name.
 * @param output The network's output, and how many shares a sample's loss has.
 * @param buffers f32 `losses` `[batch][shares]`, and what the answer follows from: u32 `counts` or f32
 * `values`, `[batch][classes]`.
 */
export async function compileShares(
  scope: Scope,
  name: string,
  { shape, shares }: { readonly shape: Shape; readonly shares: number },
  buffers: Readonly<Record<string, GPUBuffer>>,
): Promise<void> {
  await compileBatch(
    scope,
    { name, texts: [loss.sumShares], values: { shares } },
    sizeOf(shape),
    buffers,
  );
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
  if (output.kind !== "spikes") {
    throw new TypeError(`${what}: got a signal of ${describeSignal(output)}`);
  }
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
export function checkClasses({ shape }: Signal, name: string): void {
  const classes = sizeOf(shape);
  if (!Number.isInteger(classes) || classes < 1) {
    throw new TypeError(
      `Cannot compile the loss ${name} as it takes an output of at least 1 class: got ${classes}`,
    );
  }
}
