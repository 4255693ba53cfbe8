/**
 * How a product is cut into the tiles that lanes compute. Where lanes share what they multiply, `tile` says how a
 * workgroup's lanes lie beside each other; else each lane is alone.
 *
 * @module
 */

import type { Tile, WorkgroupTile } from "../../gpu/preset.ts";
import { share } from "./share.ts";

/** Columns of a product, outputs or features, cut into tiles. */
export interface Columns {
  /** Those of a lane. */
  readonly own: number;
  /** Lanes of a workgroup beside each other. */
  readonly lanes: number;
  /** Tiles of a lane, all together. */
  readonly tiles: number;
}

/** Rows of a product, cut into tiles: values of its kernels. */
export type Rows = Readonly<Record<"rows" | "tileRows" | "rowTiles", number>>;

/**
 * Cuts columns.
 *
 * @param count Columns of a group.
 * @param groups Groups, each of which has its own tiles.
 * @param most Columns of a lane at most, and what they are a multiple of, where lanes share nothing.
 * @param tile How the lanes of a workgroup share, if they do.
 * @returns The tiles.
 */
export function cutColumns(
  count: number,
  groups: number,
  most: readonly [number, number],
  tile: WorkgroupTile | undefined,
): Columns {
  const own = tile?.columns ?? share(count, ...most);
  const lanes = tile ? share(Math.ceil(count / own), tile.columnLanes, 1) : 1;
  return { own, lanes, tiles: groups * lanes * Math.ceil(count / (own * lanes)) };
}

/**
 * Values of a kernel whose columns are outputs.
 *
 * @param columns How they are cut.
 * @returns Its values.
 */
export function outputsOf(
  { own, lanes, tiles }: Columns,
): Readonly<Record<"tileOutputs" | "outputLanes" | "outputTiles", number>> {
  return { tileOutputs: own, outputLanes: lanes, outputTiles: tiles };
}

/**
 * Cuts rows: into smaller tiles than there may be, where those would leave lanes idle.
 *
 * @param rows The rows.
 * @param most Rows of a lane at most.
 * @param others Lanes beside those along the rows.
 * @param tile How many lanes keep the adapter busy, and how many of a workgroup lie along the rows.
 * @returns The tiles.
 */
export function cutRows(
  rows: number,
  most: number,
  others: number,
  { lanes, rowLanes = 1 }: Tile & { readonly rowLanes?: undefined } | WorkgroupTile,
): Rows {
  const tilesOf = (tileRows: number) => Math.ceil(rows / (tileRows * rowLanes)) * rowLanes;
  let tileRows = Math.min(rows, most);
  while (tileRows > 1 && tilesOf(tileRows) * others < lanes) tileRows = Math.ceil(tileRows / 2);
  return { rows, tileRows, rowTiles: tilesOf(tileRows) };
}
