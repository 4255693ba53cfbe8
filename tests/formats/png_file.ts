import crc32 from "crc-32";

/**
 * Makes a PNG file of its chunks, with their checksums.
 *
 * @param chunks The type and data of each, without the last, IEND.
 * @returns The file's bytes.
 */
export function pngFile(...chunks: [string, ArrayLike<number>][]): Uint8Array<ArrayBuffer> {
  const parts: [string, ArrayLike<number>][] = [...chunks, ["IEND", []]];
  return new Uint8Array([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...parts.flatMap(([type, data]) => {
      const checked = [...new TextEncoder().encode(type), ...Array.from(data)];
      return [...bigEndian(data.length), ...checked, ...bigEndian(crc32.buf(checked))];
    }),
  ]);
}

/**
 * Makes the data of a PNG file's first chunk.
 *
 * @param width The number of columns.
 * @param height The number of rows.
 * @param depth Bits of a sample.
 * @param colour The colour type.
 * @param interlace 1 if it is interlaced.
 * @returns The data.
 */
export function pngHeader(
  width: number,
  height: number,
  depth = 8,
  colour = 0,
  interlace = 0,
): number[] {
  return [...bigEndian(width), ...bigEndian(height), depth, colour, 0, 0, interlace];
}

/**
 * Compresses the rows of a PNG file.
 *
 * @param rows The rows, each beginning with its filter.
 * @returns The compressed bytes.
 */
export async function deflate(rows: ArrayLike<number>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([new Uint8Array(rows)]).stream()
    .pipeThrough(new CompressionStream("deflate"));
  return await new Response(stream).bytes();
}

function bigEndian(value: number): number[] {
  return [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
}
