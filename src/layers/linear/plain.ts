import * as linear from "../../../kernels/linear/mod.ts";
import { denseBytes } from "../../core/dense.ts";
import type { CompiledLayer } from "../../core/layer.ts";
import type { Scope } from "../../core/scope.ts";
import { describeSignal, type Gradient, type Signal } from "../../core/signal.ts";
import { timeQuads } from "../../core/time.ts";
import type { Variant } from "../../core/variant.ts";
import { stored } from "../../feeds/stored.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import { linearParameters, type LinearShape } from "./parameters.ts";

/** A Linear layer that reads stored signals: every signal, since any can be stored. */
export const linearPlain: Variant<LinearShape> = {
  name: "stored",
  fits: () => true,
  compile: (layer, input, scope) => compileLinear(scope, input, layer),
};

/**
 * Adds a Linear layer to a program.
 *
 * The kernels multiply matrices of quads: rows of the input (quad, row, input) by weights
 * `[inputs][outputs]`. A quad is four time steps of a sample; where a signal is the same at each time
 * step, it is four samples instead.
 *
 * @param scope The layer's view of the program.
 * @param signal The signal `[T, batch, inputs]`.
 * @param layer The layer.
 * @returns Numbers `[T, batch, outputs]`: the same at each time step if the input is.
 */
async function compileLinear(
  scope: Scope,
  signal: Signal,
  layer: LinearShape,
): Promise<CompiledLayer> {
  const input = await stored(scope, signal);
  const { gpu, batchSize, timeSteps } = scope;
  const { inputs, outputs } = layer;
  const { preset } = gpu;
  const constant = input.over === "constant";
  const rows = constant ? Math.ceil(batchSize / 4) : batchSize;
  const quads = constant ? 1 : timeQuads(timeSteps);
  const bytesOf = (features: number) =>
    constant ? batchSize * features * 4 : denseBytes(timeSteps, batchSize * features);
  const scale = input.kind === "spikes" ? input.scale ?? 1 : 1;
  const { tile } = preset;
  // Two quads of spikes lie in one word, which is read once.
  const blockQuads = input.kind === "spikes" ? Math.min(2, quads) : 1;
  const blocks = Math.ceil(quads / blockQuads);
  const tileOutputs = share(outputs, tile.outputs, outputs % 4 === 0 ? 4 : 1);
  const outputTiles = Math.ceil(outputs / tileOutputs);
  const readInput = input.kind === "spikes"
    ? linear.readSpikes
    : constant
    ? linear.readConstant
    : linear.readDense;
  const source = input.kind === "spikes" ? input.spikes : input.values;

  const fours = Math.ceil(inputs / 4);
  const tileFours = Math.min(fours, tile.fours);
  const fourTiles = Math.ceil(fours / tileFours);
  const copies = Math.min(
    preset.gradientCopies,
    rows * blocks,
    Math.ceil(tile.lanes / (fourTiles * outputTiles)),
  );
  const { parameter, values } = linearParameters(scope, layer, copies);
  const shape = {
    ...values,
    batch: batchSize,
    rows,
    quads,
    constant,
    scale,
    scaled: scale !== 1,
    gradientQuads: Math.ceil(bytesOf(outputs) / 16),
    lanes: preset.lanes,
  };

  const add = async (phase: "forward" | "backward", work: {
    name: string;
    texts: string[];
    values: Record<string, number | boolean>;
    reads: Record<string, GPUBuffer>;
    writes: Record<string, GPUBuffer>;
    items: number;
  }) => {
    const { name, texts, reads, writes } = work;
    const most = Math.max(...Object.values(reads).map(({ size }) => size));
    const textureReads = gpu.readsTextures(most);
    await scope.run(phase, {
      name,
      texts,
      values: { ...shape, ...work.values, textureReads },
      resources: { ...reads, ...writes },
      workgroups: workgroupsFor(work.items, shape.lanes),
    });
  };

  const result = scope.buffer(bytesOf(outputs), "current");
  const rowsFor = (most: number, others: number) => {
    let tileRows = Math.min(rows, most);
    while (tileRows > 1 && Math.ceil(rows / tileRows) * others < tile.lanes) {
      tileRows = Math.ceil(tileRows / 2);
    }
    return { tileRows, rowTiles: Math.ceil(rows / tileRows) };
  };
  const outputRows = rowsFor(tile.rowQuads / blockQuads, outputTiles * blocks);
  await add("forward", {
    name: "linear/forward",
    texts: [readInput, linear.forward],
    values: { blocks, blockQuads, ...outputRows, tileOutputs, outputTiles },
    reads: { parameters: parameter.values, input: source },
    writes: { result },
    items: outputTiles * outputRows.rowTiles * blocks,
  });

  return {
    output: {
      kind: "numbers",
      shape: [outputs],
      over: constant ? "constant" : "time",
      values: result,
    },
    async backward(outputGradient: Gradient, inputNeeded: boolean) {
      const over = constant ? "summed" : "time";
      if (outputGradient.values?.over !== over) {
        throw new TypeError(
          `Cannot compile the gradient of a Linear layer that reads ${describeSignal(input)} as ` +
            `it must be ${over}: it is ${outputGradient.values?.over ?? "one of traces"}`,
        );
      }
      const output_gradient = outputGradient.values.buffer;
      const uniformGradient = gpu.readsUniform(output_gradient.size);
      await add("backward", {
        name: "linear/gradient",
        texts: [readInput, linear.gradient],
        values: {
          uniformGradient,
          blocks,
          blockQuads,
          tileFours,
          fourTiles,
          tileOutputs,
          outputTiles,
          copies,
          copyStride: values.parameterQuads * 4,
        },
        reads: { input: source, output_gradient },
        writes: { gradient: parameter.gradient },
        items: outputTiles * fourTiles * copies,
      });
      if (!inputNeeded) return undefined;
      const result = scope.buffer(bytesOf(inputs), "input gradient");
      const tileFeatures = share(inputs, tile.features, 1);
      const featureTiles = Math.ceil(inputs / tileFeatures);
      const inputRows = rowsFor(tile.rows, featureTiles * quads);
      await add("backward", {
        name: "linear/input_gradient",
        texts: [linear.inputGradient],
        values: {
          uniformGradient,
          ...inputRows,
          tileFeatures,
          featureTiles,
          own: [4, 5, 3, 2].find((own) => outputs % own === 0) ?? 1,
        },
        reads: { parameters: parameter.values, output_gradient },
        writes: { result },
        items: featureTiles * inputRows.rowTiles * quads,
      });
      return { values: { over, buffer: result } };
    },
  };
}

/** How many of `count` items each of as few parts of at most `most` gets: a multiple of `unit`. */
function share(count: number, most: number, unit: number): number {
  const parts = Math.ceil(count / most);
  return Math.ceil(count / (parts * unit)) * unit;
}
