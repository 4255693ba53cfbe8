import type { GreyImage } from "../../formats/png.ts";

/**
 * Scales a picture to the size of a network's input, which must be a square: each pixel is the mean
 * of the area that it covers. Where the input is no square, the picture must have its size already.
 *
 * @param image The picture.
 * @param input How many pixels the network takes, and what to call the picture.
 * @returns The picture with so many pixels.
 * @throws {RangeError} If the input is no square and the picture has another size.
 */
export function fitPicture(
  image: GreyImage,
  input: { readonly pixels: number; readonly name: string },
): GreyImage {
  const side = Math.sqrt(input.pixels);
  if (Number.isInteger(side)) return scale(image, side);
  if (image.width * image.height === input.pixels) return image;
  throw new RangeError(
    `Cannot scale "${input.name}" as the network's ${input.pixels} pixels aren't a square: ` +
      `the picture must have as many, it has ${image.height} x ${image.width}`,
  );
}

function scale(image: GreyImage, side: number): GreyImage {
  const { width, height } = image;
  if (width === side && height === side) return image;
  const [across, down] = [spans(width, side), spans(height, side)];
  const area = (width / side) * (height / side);
  const pixels = Uint8Array.from({ length: side * side }, (_, pixel) => {
    let sum = 0;
    for (const [y, tall] of down[Math.floor(pixel / side)]!) {
      for (const [x, wide] of across[pixel % side]!) {
        sum += tall * wide * image.pixels[y * width + x]!;
      }
    }
    return Math.round(sum / area);
  });
  return { width: side, height: side, pixels };
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
