/**
 * The archive that holds the embedded software driver, SwiftShader, as it is in an npm package. A driver
 * is native code that runs with all rights of the program, so nothing of it is used whose bytes aren't
 * those known here.
 *
 * @module
 */

import { GpuUnavailableError } from "./errors.ts";

/** The package: of another version, the sums below are others too. */
export const DRIVER_PACKAGE = "npm:@sparticuz/chromium@153.0.0";

/** SHA-256 of the package's `bin/swiftshader.tar.br`. */
export const ARCHIVE_SHA256 = "b680e40a33235ecc6ad4c6897a168b70ce5164f0d62d2a64d675320d51614631";

/** The Vulkan loader, by the name that WebGPU opens it by. */
export const LOADER = "libvulkan.so.1";
/** What tells the loader where the driver is. */
export const MANIFEST = "vk_swiftshader_icd.json";

/** SHA-256 of each of the archive's files that is used. */
const FILES: Readonly<Record<string, string>> = {
  [LOADER]: "8ee5ac00fd7968e863b05e0f6808057db16a00ad322777e5a05bed51d4f84085",
  "libvk_swiftshader.so": "2f3ceffaaca7d031bc3943f8eacf398a5d9c42c5fe0d15d8840b9acfa630b58e",
  [MANIFEST]: "c9eef28b6b984fec220ef0abfecc40b502d46946706e47bfe97707027cb818bd",
};

/** The names of the driver's files. */
export const DRIVER_FILES: readonly string[] = Object.keys(FILES);

/**
 * Unpacks the driver's files.
 *
 * @param archive The bytes of the archive.
 * @returns The files by their names.
 * @throws {GpuUnavailableError} If the archive, or a file in it, isn't the one known.
 */
export async function unpackDriver(
  archive: Uint8Array<ArrayBuffer>,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  await checkSum(`swiftshader.tar.br of ${DRIVER_PACKAGE}`, archive, ARCHIVE_SHA256);
  const stream = new Blob([archive]).stream().pipeThrough(new DecompressionStream("brotli"));
  const tar = new Uint8Array(await new Response(stream).arrayBuffer());
  // Names are compared, not joined: none can lead out of the folder.
  const files = new Map(readTar(tar).filter(([name]) => Object.hasOwn(FILES, name)));
  for (const name of DRIVER_FILES) {
    await checkDriverFile(name, files.get(name) ?? new Uint8Array());
  }
  return files;
}

/**
 * Checks a file of the driver.
 *
 * @param name Its name, one of {@linkcode DRIVER_FILES}.
 * @param bytes Its bytes.
 * @throws {GpuUnavailableError} If they aren't those known.
 */
export async function checkDriverFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await checkSum(`${name} of ${DRIVER_PACKAGE}`, bytes, FILES[name]!);
}

async function checkSum(
  what: string,
  bytes: Uint8Array<ArrayBuffer>,
  expected: string,
): Promise<void> {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  if (found !== expected) {
    throw new GpuUnavailableError(
      `Cannot use ${what} as its SHA-256 must be ${expected}: it is ${found}`,
    );
  }
}

/** The files of a tar archive: a header of one block, the bytes, padding. */
function* readTar(
  tar: Uint8Array<ArrayBuffer>,
): Generator<[name: string, bytes: Uint8Array<ArrayBuffer>]> {
  const block = 512;
  const text = (from: number, to: number) =>
    new TextDecoder().decode(tar.subarray(from, to)).split("\0")[0] ?? "";
  // The end is a block of zeros.
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, at + 136), 8);
    yield [text(at, at + 100), tar.subarray(at + block, at + block + size)];
    at += block + Math.ceil(size / block) * block;
  }
}
