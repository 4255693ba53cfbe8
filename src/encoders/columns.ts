import * as kernels from "../../kernels/encoder/mod.ts";
import { denseBytes } from "../core/dense.ts";
import type { Encoder, EncoderInput } from "../core/encoder.ts";
import { reader, writer } from "../core/readers.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { NumberSignal } from "../core/signal.ts";
import { timeQuads } from "../core/time.ts";
import { Rows } from "../feeds/rows.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";

/** Lanes of a workgroup in `kernels/encoder/columns.wgsl`. */
const LANES = 64;

/**
 * A picture as a sequence: its columns one after the other, `x[t] = picture[..., t]`, so that T is its width and
 * what comes in at a time step is a column of `channels * height` numbers, bytes as value / 255. Of samples of
 * any shape, the last dimension becomes time.
 *
 * As in SpikingJelly's tutorial of recurrent connections, sequential Fashion-MNIST.
 *
 * @example
 * ```ts
 * import { ColumnEncoder } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new ColumnEncoder().outputShape([1, 28, 28]), [28]);
 * ```
 */
export class ColumnEncoder implements Encoder {
  /** Its name in files. */
  readonly name = "columns";
  /** Bytes and floats. */
  readonly takes = ["bytes", "floats"] as const;

  /**
   * What a column has.
   *
   * @param shape What a sample has, such as `[1, 28, 28]`.
   * @returns Channels times height, such as `[28]`.
   */
  outputShape(shape: Shape): Shape {
    return [sizeOf(shape.slice(0, -1))];
  }

  /**
   * Adds the copying of columns to a program.
   *
   * @param scope The encoder's view of the program.
   * @param input What the samples are.
   * @returns Numbers `[T, batch, channels * height]`.
   * @throws {RangeError} If T isn't the width, or the samples have time steps of their own.
   */
  async compile(scope: Scope, input: EncoderInput): Promise<NumberSignal> {
    const { batchSize, timeSteps } = scope;
    const what = "Cannot encode samples as columns";
    const columns = input.shape.at(-1)!;
    if (input.timeSteps !== undefined) {
      throw new RangeError(`${what} as they have ${input.timeSteps} time steps of their own`);
    }
    if (columns !== timeSteps) {
      throw new RangeError(
        `${what} as they have ${columns} columns, but the network runs ${timeSteps} time steps`,
      );
    }
    const { shape } = input;
    const content = input.content === "floats" ? "floats" : "bytes";
    const { signal } = await scope.feed(
      `rows of ${content}`,
      (scope) => Rows.create(scope, { shape, content, overTime: false }),
    );
    const output: NumberSignal = {
      kind: "numbers",
      shape: this.outputShape(shape),
      over: "time",
      values: scope.buffer(denseBytes(timeSteps, batchSize * sizeOf(shape) / columns), "columns"),
    };
    const size = sizeOf(output.shape);
    const quads = timeQuads(timeSteps);
    const picture = reader("picture", signal, scope);
    const target = writer("values", output, scope);
    await scope.run("forward", {
      name: "encoder/columns",
      texts: [picture.text, target.text, kernels.columns],
      values: { numbers: batchSize * size, size, columns, quads },
      resources: { ...picture.resources, ...target.resources },
      workgroups: workgroupsFor(batchSize * size * quads, LANES),
    });
    return output;
  }

  /** What makes the encoder again. */
  toJSON(): { name: "columns" } {
    return { name: this.name };
  }
}
