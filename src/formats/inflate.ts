/** Compressed bytes that are inflated at once, to 1032 times as many at most. */
const SLICE_BYTES = 2 ** 14;

/**
 * Inflates compressed bytes, and stops soon after there are too many: a small file can inflate to
 * a huge one.
 *
 * @param parts The compressed bytes, in parts.
 * @param format What they are compressed with; "deflate" is zlib.
 * @param limit How many bytes are wanted at most.
 * @returns The bytes; if there are more than the limit, only a first part, longer than the limit.
 * @throws {TypeError} If the bytes up to there are damaged or incomplete.
 */
export async function inflate(
  parts: readonly Uint8Array<ArrayBuffer>[],
  format: CompressionFormat,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const slices = slice(parts);
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { value, done } = slices.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  const inflated: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const part of source.pipeThrough(new DecompressionStream(format))) {
    inflated.push(part);
    length += part.length;
    if (length > limit) break;
  }
  return await new Blob(inflated).bytes();
}

/**
 * Cuts compressed bytes into slices small enough to be inflated at once.
 *
 * @param parts The compressed bytes, in parts.
 * @returns The slices, views of the parts.
 */
export function* slice(
  parts: readonly Uint8Array<ArrayBuffer>[],
): Generator<Uint8Array<ArrayBuffer>> {
  for (const part of parts) {
    for (let start = 0; start < part.length; start += SLICE_BYTES) {
      yield part.subarray(start, start + SLICE_BYTES);
    }
  }
}
