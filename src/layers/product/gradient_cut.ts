import type { Tile, WorkgroupTile } from "../../gpu/preset.ts";
import type { ProductInput } from "./input.ts";
import type { Product } from "./product.ts";
import { share } from "./share.ts";
import { type Columns, cutColumns } from "./tile.ts";

/**
 * Rounds in which a copy of the weights' gradient is summed, at most: llvmpipe ends loops after 65,535, and says
 * nothing (`gpu/rounds.ts`), and a longer sum loses digits.
 */
const MOST_ROUNDS = 1 << 14;

/**
 * Multiply-adds in the text of a lane's loop along lines at most: with 480 of them, 12C5-MP2-64C5-MP2-10's kernel takes
 * 219 ms instead of 229, but 0.4 s more to compile (Zen 4).
 */
const LINE_PRODUCTS = 384;

/** How the gradient of a product's weights is cut. */
export interface GradientCut {
  /** How its outputs are cut. */
  readonly columns: Columns;
  /** Runs of features of a lane, or taps of a line; a four of features where lanes share. */
  readonly tileRuns: number;
  /** Tiles of all runs. */
  readonly runTiles: number;
  /** Tiles of the taps of a line, where the runs of a lane lie on one. */
  readonly tapTiles?: number;
  /** Rows that lanes share at a time. */
  readonly partRows: number;
  /** How many lanes each sum is shared out to. */
  readonly copies: number;
}

/**
 * Cuts the gradient of a product's weights.
 *
 * @param product The product.
 * @param read How its input is read.
 * @param sizes Rows of all samples, blocks of quads, and copies at most.
 * @param columns How its outputs are cut where a lane's runs are anywhere.
 * @param own What a lane keeps.
 * @param tile How the lanes of a workgroup share what they multiply, if they do.
 * @returns The tiles.
 */
export function cutGradient(
  product: Product,
  read: ProductInput,
  { rows, blocks, most }: Readonly<Record<"rows" | "blocks" | "most", number>>,
  columns: Columns,
  own: Tile,
  tile: WorkgroupTile | undefined,
): GradientCut {
  const { runs, runFeatures, fours, blockQuads } = read;
  const copiesOf = (rounds: number, tiles: number) => {
    const enough = Math.min(most, rounds, Math.ceil((tile ?? own).lanes / tiles));
    return Math.max(enough, Math.ceil(rounds / MOST_ROUNDS));
  };
  if (tile) {
    const runTiles = Math.ceil(fours / tile.rowLanes) * tile.rowLanes;
    const partRows = Math.max(1, 2 * tile.fours / blockQuads);
    const copies = copiesOf(Math.ceil(rows * blocks / partRows), runTiles * columns.tiles);
    return { columns, tileRuns: 1, runTiles, partRows, copies };
  }
  const tileRuns = share(runs, Math.max(1, Math.floor(4 * own.fours / runFeatures)), 1);
  const runTiles = Math.ceil(runs / tileRuns);
  const { line, groups, outputs } = product;
  // As a lane loads the gradient of an output once for all that lies on a line, it has fewer outputs, and more taps.
  if (line && read.channels && own.lineOutputs > 0) {
    const sums = Math.min(4 * own.fours * own.outputs, LINE_PRODUCTS / blockQuads);
    const mostTaps = Math.max(1, Math.floor(2 * sums / (own.lineOutputs * read.channels)));
    const tileTaps = share(line.taps, mostTaps, 1);
    const mostOutputs = Math.min(own.lineOutputs, Math.floor(sums / (tileTaps * read.channels)));
    const columns = cutColumns(outputs / groups, groups, [Math.max(1, mostOutputs), 1], undefined);
    const tapTiles = Math.ceil(line.taps / tileTaps);
    const runTiles = runs / line.taps * tapTiles;
    const copies = copiesOf(rows * blocks * blockQuads, runTiles * columns.tiles);
    // Lines are shared out whole.
    if (tileTaps > tileRuns && copies <= rows / line.outputPlaces * blocks) {
      return { columns, tileRuns: tileTaps, runTiles, tapTiles, partRows: 1, copies };
    }
  }
  const copies = copiesOf(rows * blocks, runTiles * columns.tiles);
  return { columns, tileRuns, runTiles, partRows: 1, copies };
}
