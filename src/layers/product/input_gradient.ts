import * as linear from "../../../kernels/linear/mod.ts";
import type { Scope } from "../../core/scope.ts";
import { sizeOf } from "../../core/shape.ts";
import { checkRounds } from "../../gpu/rounds.ts";
import type { ProductCut } from "./cut.ts";
import { cutLines } from "./lines.ts";
import { cutColumns, cutRows } from "./tile.ts";

/**
 * Adds the kernel that gives the gradient of a product's input.
 *
 * @param scope The layer's view of the program.
 * @param cut The product.
 * @param outputGradient The gradient of its output.
 * @param uniformGradient Whether that is read through a uniform buffer.
 * @returns The gradient of its input.
 */
export async function addInputGradient(
  scope: Scope,
  cut: ProductCut,
  outputGradient: GPUBuffer,
  uniformGradient: boolean,
): Promise<GPUBuffer> {
  const { product, parameter, samples, quads, tile } = cut;
  const { groups, outputs, taps, tapFeatures } = product;
  const { gpu } = scope;
  const { preset } = gpu;
  const result = scope.buffer(cut.bytesOf(sizeOf(product.input)), "input gradient");
  const line = tile ? undefined : product.line;
  // The taps of a line make the loop long enough with two outputs, where two weights are read faster than four:
  // a CSNN of 32 channels takes as long a step, and starts 1.1 times as fast. A texture gives fours.
  const fours = !gpu.readsUniform(parameter.values.size) &&
    gpu.readsTextures(parameter.values.size);
  const sizes = line && !fours ? [2, 3, 5] : [4, 2, 3, 5];
  const own = sizes.find((own) => outputs / groups % own === 0) ?? 1;
  checkRounds(preset, cut.what, taps * (outputs / groups / own + 1));
  const lines = line &&
    cutLines(
      line,
      samples * line.lines,
      { features: tapFeatures, groups, quads },
      own,
      preset.tile,
    );
  const columns = lines?.columns ??
    cutColumns(tapFeatures, groups, [preset.tile.features, 1], tile);
  const planes = columns.tiles * quads;
  const rows = samples * product.inputPlaces;
  const cutOf = tile ?? preset.tile;
  const tiles = lines?.rows ?? cutRows(rows, tile?.rowQuads ?? preset.tile.rows, planes, cutOf);
  const { phases } = product;
  const phased = phases !== undefined && !tile && !lines && rows % (phases * tiles.tileRows) === 0;
  const [windowFrom, windowEnd] = lines?.window ?? [0, tiles.tileRows];
  await cut.add("backward", {
    name: "input_gradient",
    texts: [linear.inputGradient],
    values: {
      rows,
      ...tiles,
      tileFeatures: columns.own,
      featureLanes: columns.lanes,
      featureTiles: columns.tiles,
      uniformGradient,
      backPadded: product.backPadded,
      taps,
      tapFeatures,
      own,
      phased,
      lineTaps: lines ? line!.taps : 1,
      windowFrom,
      windowEnd,
      ...line && lines
        ? {
          samples,
          lines: line.lines,
          linePlaces: line.places,
          segments: lines.segments,
          // Lanes beside each other then have lines that as many lines of the kernel reach; a software driver
          // reads numbers one by one, wherever they are.
          samplesFirst: preset.name === "software",
        }
        : {},
    },
    reads: { parameters: parameter.values, output_gradient: outputGradient },
    writes: { result },
    items: tiles.rowTiles,
    columns,
    planes,
  });
  return result;
}
