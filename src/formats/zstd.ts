import { importFzstd } from "../packages.ts";

const MAGIC = 0xfd2fb528;
const SINGLE_SEGMENT = 0x20;

/**
 * Decompresses a frame of Zstandard, by the package `fzstd`, which is downloaded when it is first used. Its
 * checksum isn't tested.
 *
 * @param bytes The frame.
 * @param most Bytes at most.
 * @returns Its content.
 * @throws {RangeError} If it is damaged, or holds more or says that it does.
 */
export async function decompressZstd(
  bytes: Uint8Array,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { Decompress } = await importFzstd();
  if (claimOf(bytes) > most) throw new RangeError(`its Zstandard holds more than ${most} bytes`);
  const parts: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  try {
    const decompress = new Decompress((part, last) => {
      length += part.length;
      if (length > most) throw new RangeError(`its Zstandard holds more than ${most} bytes`);
      parts.push(part.slice());
      ended ||= last === true;
    });
    decompress.push(bytes, true);
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw new RangeError("its Zstandard is damaged", { cause });
  }
  if (!ended) throw new RangeError("its Zstandard is truncated");
  return await new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes();
}

/** What a frame says it takes while it is decompressed: its window, or all of it at once. */
function claimOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError("it doesn't start as Zstandard does");
  const flags = view.getUint8(4);
  if ((flags & SINGLE_SEGMENT) === 0) {
    const window = view.getUint8(5);
    return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  }
  const at = 5 + [0, 1, 2, 4][flags & 3]!;
  switch (flags >> 6) {
    case 0:
      return view.getUint8(at);
    case 1:
      return 256 + view.getUint16(at, true);
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}
