import * as conv from "../../../kernels/conv/mod.ts";
import * as linear from "../../../kernels/linear/mod.ts";
import type { ProductCut } from "./cut.ts";
import { outputsOf } from "./tile.ts";

/**
 * Adds the kernel by which a product learns.
 *
 * @param cut The product.
 * @param outputGradient The gradient of its output.
 * @param uniformGradient Whether that is read through a uniform buffer.
 */
export async function addProductGradient(
  cut: ProductCut,
  outputGradient: GPUBuffer,
  uniformGradient: boolean,
): Promise<void> {
  const { product, read, parameter, rows, blocks } = cut;
  const { columns, tileRuns, runTiles, tapTiles, partRows, copies } = cut.gradient;
  const { channels = 0 } = read;
  await cut.add("backward", {
    name: "gradient",
    texts: [read.text, tapTiles ? conv.gradientLines : linear.gradient],
    values: {
      ...read.values,
      rows,
      tapsFirst: !product.contiguous,
      padded: product.padded,
      uniformGradient,
      blocks,
      runFeatures: cut.tile ? 4 : read.runFeatures,
      runTiles,
      ...tapTiles
        ? { tileTaps: tileRuns, tapTiles, tileChannels: channels }
        : { tileRuns, partRows },
      ...outputsOf(columns),
      copies,
      copyStride: Math.ceil(parameter.size / 4) * 4,
    },
    reads: { input: read.source, output_gradient: outputGradient },
    writes: { gradient: parameter.gradient },
    items: columns.tiles * runTiles * copies,
    columns,
  });
}
