import { Buffer } from "node:buffer";
import { createGunzip } from "node:zlib";
import { slice } from "../formats/inflate.ts";

/**
 * Decompresses a gzip file, all of its members: what several were joined to is a valid file, too, and
 * some programs compress in blocks. (`DecompressionStream` knows one member only.) It stops soon
 * after there are too many bytes: a small file can inflate to a huge one.
 *
 * @param bytes The file's bytes.
 * @param limit How many bytes are wanted at most.
 * @returns The bytes; if there are more than the limit, only a first part, longer than the limit.
 * @throws {Error} If the bytes up to there are damaged or incomplete.
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = createGunzip();
  const inflated: Uint8Array[] = [];
  let length = 0;
  const done = Promise.withResolvers<void>();
  stream.on("error", done.reject);
  stream.on("end", done.resolve);
  stream.on("data", (part: Uint8Array) => {
    inflated.push(part);
    length += part.length;
    if (length > limit) done.resolve();
  });
  const feed = async () => {
    for (const part of slice([bytes])) {
      if (length > limit) return;
      // Only the next part is waiting, so that little more than the limit is inflated.
      await new Promise<void>((next) => stream.write(part, () => next()));
    }
    stream.end();
  };
  try {
    await Promise.race([done.promise, feed().then(() => done.promise)]);
  } finally {
    stream.destroy();
  }
  return new Uint8Array(Buffer.concat(inflated));
}
