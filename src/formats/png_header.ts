import type { Flaw } from "./decode_options.ts";
import type { PngChunk } from "./png_chunks.ts";

/** What the first chunk of a PNG file says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** Samples of a pixel. */
  readonly channels: number;
  /** Whether its samples are places in a palette. */
  readonly indexed: boolean;
  /** Whether its pixels come in seven passes. */
  readonly interlaced: boolean;
}

/** Pictures of more rows or columns are refused before anything is inflated. */
const MOST_PIXELS = 4096;

/** The channels and depths of each colour type. */
const COLOUR_TYPES: ReadonlyMap<number, { channels: number; depths: readonly number[] }> = new Map([
  [0, { channels: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { channels: 3, depths: [8, 16] }],
  [3, { channels: 1, depths: [1, 2, 4, 8] }],
  [4, { channels: 2, depths: [8, 16] }],
  [6, { channels: 4, depths: [8, 16] }],
]);

/** The first column and row of each pass of an interlaced picture, and the steps to the next. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Reads the first chunk of a PNG file.
 *
 * @param chunk The chunk.
 * @param flaw Makes the errors.
 * @returns What it says.
 * @throws {FormatError} If it isn't a header, or describes a picture that isn't supported.
 */
export function readPngHeader(chunk: PngChunk, flaw: Flaw): PngHeader {
  const { type, offset, data } = chunk;
  if (type !== "IHDR" || data.length !== 13) {
    throw flaw("its first chunk isn't an IHDR chunk of 13 bytes", offset);
  }
  const view = new DataView(data.buffer, data.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (![width, height].every((size) => size >= 1 && size <= MOST_PIXELS)) {
    throw flaw(
      `its size is ${width} x ${height}: supported are 1 x 1 to ${MOST_PIXELS} x ${MOST_PIXELS}`,
      offset,
    );
  }
  const [depth = 0, colour = 0, compression, filter, interlace] = data.subarray(8);
  const { channels = 0, depths = [] } = COLOUR_TYPES.get(colour) ?? {};
  if (!depths.includes(depth)) {
    throw flaw(`its colour type ${colour} doesn't exist with ${depth} bits a sample`, offset);
  }
  if (compression !== 0 || filter !== 0 || interlace! > 1) {
    throw flaw(
      `there is no compression ${compression} with filter ${filter} and interlace ${interlace}`,
      offset,
    );
  }
  if (interlace === 1 && depth < 8) {
    throw flaw(`it is interlaced with ${depth} bits a sample: supported are 8 and 16`, offset);
  }
  return { width, height, depth, channels, indexed: colour === 3, interlaced: interlace === 1 };
}

/**
 * The bytes of a picture's rows when inflated, each with one for its filter.
 *
 * @param header The picture's header.
 * @returns The number of bytes.
 */
export function countInflated(header: PngHeader): number {
  const { width, height, depth, channels } = header;
  const passes = header.interlaced ? PASSES : [[0, 0, 1, 1]] as const;
  return passes.reduce((sum, [x, y, stepX, stepY]) => {
    const columns = Math.max(0, Math.ceil((width - x) / stepX));
    const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((height - y) / stepY));
    return sum + rows * (1 + Math.ceil(columns * channels * depth / 8));
  }, 0);
}
