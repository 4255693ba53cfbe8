import { deflateEnd } from "./deflate_end.ts";
import { inflate } from "./inflate.ts";

const HEADER_BYTES = 10;
/** The sum of the decompressed bytes, and their number. */
const TRAILER_BYTES = 8;

/**
 * Decompresses a gzip file, and stops soon after there are too many bytes. As for gzip itself, a file
 * may have several members, one after the other, and zeros after each.
 *
 * @param bytes The compressed bytes.
 * @param limit How many bytes are wanted at most.
 * @returns The bytes; if there are more than the limit, only a first part, longer than the limit.
 * @throws {TypeError} If the bytes up to there are damaged or incomplete.
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await inflate([bytes], "gzip", limit);
  } catch (error) {
    // The stream that decompresses knows one member, and nothing after it.
    const end = memberEnd(bytes, 0);
    if (end === undefined || end >= bytes.length) throw error;
  }
  const inflated: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let start = 0; start < bytes.length && length <= limit;) {
    const end = memberEnd(bytes, start) ?? bytes.length;
    const part = await inflate([bytes.subarray(start, end)], "gzip", limit - length);
    inflated.push(part);
    length += part.length;
    start = end;
    while (bytes[start] === 0) start++;
  }
  return await new Blob(inflated).bytes();
}

/** Where a member ends; undefined if it doesn't, or is damaged. */
function memberEnd(bytes: Uint8Array, start: number): number | undefined {
  const flags = bytes[start + 3] ?? 0;
  let at = start + HEADER_BYTES;
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  // A file's name and a comment, each up to a zero.
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const zero = bytes.indexOf(0, at);
    if (zero < 0) return;
    at = zero + 1;
  }
  if (flags & 2) at += 2;
  const end = deflateEnd(bytes, at);
  return end === undefined || end + TRAILER_BYTES > bytes.length ? undefined : end + TRAILER_BYTES;
}
