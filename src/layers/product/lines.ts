import type { Tile } from "../../gpu/preset.ts";
import type { ProductLine } from "./product.ts";
import { share } from "./share.ts";
import { type Columns, cutColumns, type Rows } from "./tile.ts";

/**
 * Multiply-adds in the text of a kernel's loop at most, for each number that a lane may keep. With twice as many,
 * 12C5-MP2-64C5-MP2-10's kernel takes 283 ms instead of 365, but 1.8 s to compile instead of 0.7 (Zen 4).
 */
const LOOP_PRODUCTS = 10;
/** Multiply-adds for each number that it loads at least: a line of 300 taps would compile for 40 s (Zen 3). */
const LOAD_PRODUCTS = 2;

/** How the input's gradient is cut along lines: columns are features. */
export interface LineCut {
  /** Rows of a lane, and tiles of all of them. */
  readonly rows: Pick<Rows, "tileRows" | "rowTiles">;
  /** Features, cut into tiles. */
  readonly columns: Columns;
  /** Parts of a line. */
  readonly segments: number;
  /** Multiply-adds in the text of the loop. */
  readonly products: number;
  /** Numbers that it loads. */
  readonly loads: number;
  /** Where the window of places that a lane loads begins and ends, a line's first being that of the first tap. */
  readonly window: readonly [from: number, end: number];
}

/**
 * Cuts the input's gradient along lines, of which a lane has neighbours: they share what they load.
 *
 * @param line The lines.
 * @param lines How many there are of all samples.
 * @param features Features of a group, how many groups there are, and quads of each.
 * @param own Outputs that a lane adds up at a time.
 * @param tile What a lane keeps.
 * @returns The tiles, unless the kernel is so wide that the text would be too long, or would mostly load.
 */
export function cutLines(
  { places, outputPlaces, taps, padding }: ProductLine,
  lines: number,
  { features, groups, quads }: Readonly<Record<"features" | "groups" | "quads", number>>,
  own: number,
  tile: Tile,
): LineCut | undefined {
  const numbers = tile.rows * tile.lineFeatures;
  const mostProducts = LOOP_PRODUCTS * numbers;
  const cut = (most: number): LineCut => {
    const tileRows = share(places, most, 1);
    const segments = Math.ceil(places / tileRows);
    // Where a line is whole, what lies beyond its ends is known.
    const reach = tileRows + taps - 1;
    const first = taps - 1 - padding;
    const window = segments === 1
      ? [Math.max(0, first), Math.min(reach, first + outputPlaces)] as const
      : [0, reach] as const;
    let products = 0;
    for (let row = 0; row < tileRows; row++) {
      products += Math.max(0, Math.min(row + taps, window[1]) - Math.max(row, window[0]));
    }
    const mostFeatures = Math.min(
      tile.lineFeatures,
      numbers / tileRows,
      mostProducts / (products * own),
    );
    const columns = cutColumns(
      features,
      groups,
      [Math.max(1, Math.floor(mostFeatures)), 1],
      undefined,
    );
    return {
      ...{ rows: { tileRows, rowTiles: lines * segments }, columns, segments, window },
      products: products * own * columns.own,
      loads: own * (window[1] - window[0] + taps * columns.own),
    };
  };
  const fits = ({ products, loads }: LineCut) =>
    products <= mostProducts && products >= LOAD_PRODUCTS * loads;
  const suits = (cut: LineCut) =>
    fits(cut) && cut.rows.rowTiles * cut.columns.tiles * quads >= tile.lanes;
  let most = tile.lineRows;
  let result = cut(most);
  while (most > 1 && !suits(result)) {
    most = Math.ceil(most / 2);
    result = cut(most);
  }
  return fits(result) ? result : undefined;
}
