import * as linear from "../../../kernels/linear/mod.ts";
import { denseBytes } from "../../core/dense.ts";
import type { CompiledLayer } from "../../core/layer.ts";
import type { Scope } from "../../core/scope.ts";
import { sizeOf } from "../../core/shape.ts";
import {
  describeSignal,
  type Gradient,
  type NumberSignal,
  type Signal,
} from "../../core/signal.ts";
import { timeQuads } from "../../core/time.ts";
import { stored } from "../../feeds/stored.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import type { TemplateValues } from "../../gpu/template.ts";
import { productInput } from "./input.ts";
import type { Product } from "./product.ts";
import { share } from "./share.ts";

/** Planes of workgroups that a dispatch can have. */
const MOST_PLANES = 65535;

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

/** A run of one of the product's kernels. */
interface Work {
  readonly name: string;
  readonly texts: readonly string[];
  readonly values: TemplateValues;
  readonly reads: Readonly<Record<string, GPUBuffer>>;
  readonly writes: Readonly<Record<string, GPUBuffer>>;
  /** Lanes. */
  readonly items: number;
  /** Planes of workgroups, each of which has as many lanes; 1 by default. */
  readonly planes?: number;
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
 * @param options Whether the numbers of each output are summed, for a batch norm after it.
 * @returns Numbers `[T, batch, ...output]`: the same at each time step if the input is.
 */
export async function compileProduct(
  scope: Scope,
  signal: Signal,
  product: Product,
  { sums = false }: { readonly sums?: boolean } = {},
): Promise<CompiledProduct> {
  const input = await stored(scope, signal);
  const { gpu, batchSize, timeSteps } = scope;
  const { taps, tapFeatures, groups, outputs, bias, contiguous } = product;
  const { preset } = gpu;
  const { tile } = preset;
  const constant = input.over === "constant";
  const samples = constant ? Math.ceil(batchSize / 4) : batchSize;
  const rows = samples * product.outputPlaces;
  const quads = constant ? 1 : timeQuads(timeSteps);
  const sizes = { inputSize: sizeOf(product.input), outputSize: sizeOf(product.output) };
  const bytesOf = (size: number) =>
    constant ? batchSize * size * 4 : denseBytes(timeSteps, batchSize * size);
  const scale = input.kind === "spikes" ? input.scale ?? 1 : 1;
  const read = await productInput(scope, input, product);
  const { blockQuads, runs, runFeatures } = read;
  const blocks = Math.ceil(quads / blockQuads);
  const groupOutputs = outputs / groups;
  const tileOutputs = share(groupOutputs, tile.outputs, groupOutputs % 4 === 0 ? 4 : 1);
  const outputTiles = groups * Math.ceil(groupOutputs / tileOutputs);
  const tileRuns = share(runs, Math.max(1, Math.floor(4 * tile.fours / runFeatures)), 1);
  const runTiles = Math.ceil(runs / tileRuns);
  const copies = Math.min(
    preset.gradientCopies,
    rows * blocks,
    Math.ceil(tile.lanes / (runTiles * outputTiles)),
  );
  const features = taps * tapFeatures;
  const parameter = scope.parameter("weight", copies);
  const shape = {
    ...product.map.values,
    ...sizes,
    features,
    outputs,
    groups,
    groupOutputs,
    bias,
    contiguous,
    parameterQuads: Math.ceil(parameter.size / 4),
    uniformParameters: gpu.readsUniform(parameter.values.size),
    batch: batchSize,
    quads,
    constant,
    scale,
    scaled: scale !== 1,
    gradientQuads: Math.ceil(bytesOf(sizes.outputSize) / 16),
    lanes: preset.productLanes,
  };
  // Lanes beside each other share weights, or else numbers of the input, which those of a Linear layer do.
  const planesFit = (planes: number) => !contiguous && planes <= MOST_PLANES;
  const lanesOf = (rowTiles: number, planes: number) =>
    planesFit(planes) ? { items: rowTiles, planes } : { items: rowTiles * planes };
  const add = async (phase: "forward" | "backward", work: Work) => {
    const { name, texts, reads, writes } = work;
    const most = Math.max(...Object.values(reads).map(({ size }) => size));
    await scope.run(phase, {
      name,
      texts: [product.map.text, ...texts],
      values: { ...shape, ...work.values, textureReads: gpu.readsTextures(most) },
      resources: { ...reads, ...writes },
      workgroups: [...workgroupsFor(work.items, preset.productLanes), work.planes ?? 1],
    });
  };
  const tileOf = (rows: number, most: number, others: number) => {
    let tileRows = Math.min(rows, most);
    while (tileRows > 1 && Math.ceil(rows / tileRows) * others < tile.lanes) {
      tileRows = Math.ceil(tileRows / 2);
    }
    return { rows, tileRows, rowTiles: Math.ceil(rows / tileRows) };
  };

  const result = scope.buffer(bytesOf(sizes.outputSize), "current");
  const outputRows = tileOf(rows, tile.rowQuads / blockQuads, outputTiles * blocks);
  const parts = outputRows.rowTiles * blocks;
  const partials = sums ? scope.buffer(parts * outputs * 16, "sums") : undefined;
  await add("forward", {
    name: `${product.prefix}/forward`,
    texts: [read.text, linear.forward],
    values: {
      ...read.values,
      ...outputRows,
      rowsFirst: planesFit(outputTiles * blocks),
      padded: product.padded,
      blocks,
      tileOutputs,
      outputTiles,
      sums,
      steps: timeSteps,
    },
    reads: { parameters: parameter.values, input: read.source },
    writes: { result, ...partials ? { partials } : {} },
    ...lanesOf(outputRows.rowTiles, outputTiles * blocks),
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
      await add("backward", {
        name: `${product.prefix}/gradient`,
        texts: [read.text, linear.gradient],
        values: {
          ...read.values,
          rows,
          tapsFirst: !contiguous,
          padded: product.padded,
          uniformGradient,
          blocks,
          runFeatures,
          tileRuns,
          runTiles,
          tileOutputs,
          outputTiles,
          copies,
          copyStride: Math.ceil(parameter.size / 4) * 4,
        },
        reads: { input: read.source, output_gradient },
        writes: { gradient: parameter.gradient },
        items: outputTiles * runTiles * copies,
      });
      if (!inputNeeded) return undefined;
      const result = scope.buffer(bytesOf(sizes.inputSize), "input gradient");
      const tileFeatures = share(tapFeatures, tile.features, 1);
      const featureTiles = groups * Math.ceil(tapFeatures / tileFeatures);
      const inputRows = tileOf(samples * product.inputPlaces, tile.rows, featureTiles * quads);
      await add("backward", {
        name: `${product.prefix}/input_gradient`,
        texts: [linear.inputGradient],
        values: {
          ...inputRows,
          rowsFirst: planesFit(featureTiles * quads),
          uniformGradient,
          backPadded: product.backPadded,
          taps,
          tapFeatures,
          tileFeatures,
          featureTiles,
          own: [4, 5, 3, 2].find((own) => groupOutputs % own === 0) ?? 1,
        },
        reads: { parameters: parameter.values, output_gradient },
        writes: { result },
        ...lanesOf(inputRows.rowTiles, featureTiles * quads),
      });
      return { values: { over, buffer: result } };
    },
  };
}
