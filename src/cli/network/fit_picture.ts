import type { GreyImage } from "../../formats/png.ts";

/**
 * Scales a picture to the size of a network's pictures: each pixel is the mean of the area that it covers.
 *
 * @param image The picture.
 * @param size The size of the network's.
 * @returns The picture of that size: itself, if it has it.
 */
export function fitPicture(
  image: GreyImage,
  size: { readonly height: number; readonly width: number },
): GreyImage {
  const { width, height } = image;
  if (width === size.width && height === size.height) return image;
  const [across, down] = [spans(width, size.width), spans(height, size.height)];
  const area = (width / size.width) * (height / size.height);
  const pixels = Uint8Array.from({ length: size.width * size.height }, (_, pixel) => {
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
