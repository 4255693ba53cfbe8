import type { DecodedPng } from "fast-png";
import { importFastPng } from "../packages.ts";
import { type DecodeOptions, flawOf } from "./decode_options.ts";
import type { FormatError } from "./format_error.ts";
import { greyOf } from "./grey.ts";
import { inflate } from "./inflate.ts";
import { type PngChunk, readPngChunks } from "./png_chunks.ts";
import { countInflated, type PngHeader, readPngHeader } from "./png_header.ts";

/** A picture in shades of grey. */
export interface GreyImage {
  /** The number of columns. */
  readonly width: number;
  /** The number of rows. */
  readonly height: number;
  /** The grey values, 0 to 255, row by row: `[height * width]`. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** Options of {@linkcode decodePng}. */
export interface DecodePngOptions extends DecodeOptions {
  /**
   * The grey value, 0 to 255, of the ground that shows through what is transparent: 255 for black on
   * white paper.
   *
   * @default {0}
   */
  ground?: number;
}

/** The chunks that make the picture; the others may hold anything, compressed or not. */
const PICTURE = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

/**
 * Decodes a PNG file to a picture in shades of grey, at most 4096 x 4096. Colours become their
 * luma, what is transparent shows the ground, and 16 bits are rounded to 8.
 *
 * @param bytes The file's bytes.
 * @param options What to call the file, and what lies behind the picture.
 * @returns The picture.
 * @throws {FormatError} If the file is damaged, or its picture is too large or interlaced with
 * fewer than 8 bits a sample.
 * @throws {TypeError | RangeError} If the ground isn't a number from 0 to 255.
 *
 * @example
 * ```ts
 * import { decodePng } from "@galvani/snn/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = Uint8Array.fromBase64(
 *   "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNo+A8AAgIBgG5WixMAAAAASUVORK5CYII=",
 * );
 * assertEquals(await decodePng(bytes), {
 *   width: 2,
 *   height: 1,
 *   pixels: new Uint8Array([128, 255]),
 * });
 * ```
 */
export async function decodePng(
  bytes: Uint8Array<ArrayBuffer>,
  options: DecodePngOptions = {},
): Promise<GreyImage> {
  const { ground = 0, ...names } = options;
  checkGround(ground);
  const flaw = flawOf("PNG", names);
  const chunks = await readPngChunks(bytes, flaw);
  const header = readPngHeader(chunks[0]!, flaw);
  const picture = chunks.filter(({ type }) => PICTURE.includes(type));
  const second = picture.find(({ type }, index) => index > 0 && type === "IHDR");
  if (second) throw flaw("it has a second IHDR chunk", second.offset);
  const rows = picture.filter(({ type }) => type === "IDAT");
  if (!rows[0]) throw flaw("it has no IDAT chunk", chunks.at(-1)!.offset);
  const { offset } = rows[0];
  await checkRows(rows, header, (reason, cause) => flaw(reason, offset, cause));

  const { decode } = await importFastPng();
  const start = bytes.subarray(0, chunks[0]!.offset);
  const file = new Blob([start, ...picture.map(({ bytes }) => bytes)]);
  let decoded: DecodedPng;
  try {
    decoded = decode(await file.bytes());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw flaw(`its picture can't be decoded: ${reason}`, offset, cause);
  }
  const pixels = greyOf(decoded, header, ground);
  if (!pixels) throw flaw("a pixel's colour isn't in its palette", offset);
  return { width: header.width, height: header.height, pixels };
}

function checkGround(ground: number): void {
  if (ground >= 0 && ground <= 255 && typeof ground === "number") return;
  const ErrorClass = typeof ground === "number" ? RangeError : TypeError;
  throw new ErrorClass(
    `Cannot decode a PNG file as its ground must be a number from 0 to 255: current value is ${ground}`,
  );
}

/** Makes sure that a picture's rows can be inflated, and that there are as many as there should be. */
async function checkRows(
  rows: readonly PngChunk[],
  header: PngHeader,
  flaw: (reason: string, cause?: unknown) => FormatError,
): Promise<void> {
  const expected = countInflated(header);
  let inflated: Uint8Array;
  try {
    inflated = await inflate(rows.map(({ data }) => data), "deflate", expected);
  } catch (cause) {
    throw flaw("its compressed data is damaged or incomplete", cause);
  }
  if (inflated.length !== expected) {
    const actual = inflated.length > expected ? "more" : String(inflated.length);
    throw flaw(`its picture takes ${expected} bytes, but there are ${actual}`);
  }
}
