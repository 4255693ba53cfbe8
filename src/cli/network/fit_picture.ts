import type { GreyImage } from "../../formats/png.ts";
import type { PictureSize } from "./load_checkpoint.ts";

/** What a network takes. */
export interface NetworkInput {
  /** Pixels of a picture. */
  readonly pixels: number;
  /** Rows and columns of a picture, if they are known. */
  readonly size?: PictureSize;
  /** What to call the picture. */
  readonly name: string;
}

/**
 * Scales a picture to the size of a network's input: each pixel is the mean of the area that it covers.
 * Where only the number of its pixels is known, the input is taken for a square; if it can't be one, the
 * picture must have its size already.
 *
 * @param image The picture.
 * @param input What the network takes.
 * @returns The picture with so many pixels.
 * @throws {RangeError} If the input's size isn't known and the picture has another number of pixels.
 */
export function fitPicture(image: GreyImage, input: NetworkInput): GreyImage {
  if (input.size) return scale(image, input.size);
  const side = Math.sqrt(input.pixels);
  if (Number.isInteger(side)) return scale(image, { height: side, width: side });
  if (image.width * image.height === input.pixels) return image;
  throw new RangeError(
    `Cannot scale "${input.name}" as the network's ${input.pixels} pixels aren't a square: ` +
      `the picture must have as many, it has ${image.height} x ${image.width}`,
  );
}

function scale(image: GreyImage, size: PictureSize): GreyImage {
  const { width, height } = image;
  if (width === size.width && height === size.height) return image;
  const [across, down] = [spans(width, size.width), spans(height, size.height)];
  const area = (width / size.width) * (height / size.height);
  const pixels = Uint8Array.from({ length: size.height * size.width }, (_, pixel) => {
    let sum = 0;
    for (const [y, tall] of down[Math.floor(pixel / size.width)]!) {
      for (const [x, wide] of across[pixel % size.width]!) {
        sum += tall * wide * image.pixels[y * width + x]!;
      }
    }
    return Math.round(sum / area);
  });
  return { ...size, pixels };
}

/** For each of `count` equal parts of a length: the pixels that it covers, and how much of each. */
function spans(length: number, count: number): [pixel: number, share: number][][] {
  return Array.from({ length: count }, (_, part) => {
    const [from, to] = [part * length / count, (part + 1) * length / count];
    const covered: [number, number][] = [];
    for (let pixel = Math.floor(from); pixel < Math.min(length, to); pixel++) {
      covered.push([pixel, Math.min(to, pixel + 1) - Math.max(from, pixel)]);
    }
    return covered;
  });
}
