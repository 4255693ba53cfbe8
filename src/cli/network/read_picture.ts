import { decodePng } from "../../formats/png.ts";
import { fitPicture } from "./fit_picture.ts";
import { readFile } from "../run/read_file.ts";

/**
 * Reads a PNG file as a picture for a network, which knows pictures of white on black.
 *
 * @param path The file's path.
 * @param size The network's rows and columns.
 * @param invert Whether the file is black on white; what is transparent is white, then.
 * @returns The grey values, row by row.
 * @throws {FormatError} If it is no PNG file that can be read.
 */
export async function readPicture(
  path: string,
  size: { readonly height: number; readonly width: number },
  invert: boolean,
): Promise<Uint8Array> {
  const image = await decodePng(await readFile(path), { name: path, ground: invert ? 255 : 0 });
  const { pixels } = fitPicture(image, size);
  return invert ? pixels.map((grey) => 255 - grey) : pixels;
}
