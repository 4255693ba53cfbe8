import * as linear from "../../../kernels/linear/mod.ts";
import type { CompiledLayer } from "../../core/layer.ts";
import type { Scope } from "../../core/scope.ts";
import { sizeOf } from "../../core/shape.ts";
import {
  describeSignal,
  type Gradient,
  type NumberSignal,
  type Signal,
} from "../../core/signal.ts";
import { stored } from "../../feeds/stored.ts";
import type { WorkgroupTile } from "../../gpu/preset.ts";
import { checkRounds } from "../../gpu/rounds.ts";
import { cutProduct } from "./cut.ts";
import { addProductGradient } from "./gradient.ts";
import { addInputGradient } from "./input_gradient.ts";
import type { Product } from "./product.ts";
import { cutRows, outputsOf } from "./tile.ts";

/** A product in a program. */
export interface CompiledProduct extends CompiledLayer {
  /** The numbers. */
  readonly output: NumberSignal;
  /**
   * Of parts of each output's numbers how many there are, their mean and their squared deviations, vec4 of
   * f32 `[parts][outputs]`, where they were asked for.
   */
  readonly partials?: { readonly buffer: GPUBuffer; readonly parts: number };
}

/**
 * Adds a product to a program; its parameters are declared as "weight", `[taps * tapFeatures][outputs]` on
 * the device, then the bias.
 *
 * The kernels multiply matrices of quads. A quad is four time steps of a sample; where a signal is the same
 * at each time step, it is four samples instead.
 *
 * @param scope The layer's view of the program.
 * @param signal The signal `[T, batch, ...input]`.
 * @param product The product.
 * @param tile How the lanes of a workgroup share what they multiply; by default each loads its own.
 * @returns Numbers `[T, batch, ...output]`: the same at each time step if the input is.
 */
export async function compileProduct(
  scope: Scope,
  signal: Signal,
  product: Product,
  tile?: WorkgroupTile,
): Promise<CompiledProduct> {
  const input = await stored(scope, signal);
  const cut = await cutProduct(scope, input, product, { tile });
  const { gpu, timeSteps } = scope;
  const { read, parameter, constant, rows, blocks, columns, add, bytesOf } = cut;
  const { outputs, sums = false } = product;
  checkRounds(gpu.preset, cut.what, read.runs + read.fours);
  const result = scope.buffer(bytesOf(sizeOf(product.output)), "current");
  const most = tile ?? gpu.preset.tile;
  const planes = columns.tiles * blocks;
  const outputRows = cutRows(rows, most.rowQuads / read.blockQuads, planes, most);
  const parts = outputRows.rowTiles * blocks;
  const partials = sums ? scope.buffer(parts * outputs * 16, "sums") : undefined;
  await add("forward", {
    name: "forward",
    texts: [read.text, linear.forward],
    values: {
      ...read.values,
      ...outputRows,
      ...outputsOf(columns),
      padded: product.padded,
      blocks,
      sums,
      steps: timeSteps,
    },
    reads: { parameters: parameter.values, input: read.source },
    writes: { result, ...partials ? { partials } : {} },
    columns,
    items: outputRows.rowTiles,
    planes,
  });

  return {
    output: {
      kind: "numbers",
      shape: product.output,
      over: constant ? "constant" : "time",
      values: result,
    },
    ...partials ? { partials: { buffer: partials, parts } } : {},
    async backward(outputGradient: Gradient, inputNeeded: boolean) {
      const over = constant ? "summed" : "time";
      if (outputGradient.values?.over !== over) {
        throw new TypeError(
          `Cannot compile the gradient of a ${product.kind} layer that reads ${
            describeSignal(input)
          } as it must be ${over}: it is ${outputGradient.values?.over ?? "one of traces"}`,
        );
      }
      const output_gradient = outputGradient.values.buffer;
      const uniformGradient = gpu.readsUniform(output_gradient.size);
      await addProductGradient(cut, output_gradient, uniformGradient);
      if (!inputNeeded) return undefined;
      const buffer = await addInputGradient(scope, cut, output_gradient, uniformGradient);
      return { values: { over, buffer } };
    },
  };
}
