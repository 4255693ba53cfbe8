/**
 * Makes the bytes of an IDX file of unsigned bytes.
 *
 * @param shape The size of each dimension.
 * @param data The elements. By default 0, 1, 2, ..., as many as the shape has.
 * @returns The bytes.
 */
export function idxFile(
  shape: readonly number[],
  data: ArrayLike<number> = Array.from(
    { length: shape.reduce((product, size) => product * size, 1) },
    (_, index) => index % 256,
  ),
): Uint8Array<ArrayBuffer> {
  const headerBytes = 4 + 4 * shape.length;
  const bytes = new Uint8Array(headerBytes + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 + shape.length);
  shape.forEach((size, index) => view.setUint32(4 + 4 * index, size));
  bytes.set(data, headerBytes);
  return bytes;
}

/**
 * Compresses bytes with gzip.
 *
 * @param bytes The bytes.
 * @returns The compressed bytes.
 */
export async function gzip(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}
