import { PIXELS, SIDE } from "./messages.ts";

/**
 * Makes a canvas ready to be drawn on in CSS pixels, as large as it is shown.
 *
 * @param canvas The canvas.
 * @returns Its context and its size in CSS pixels; nothing if it isn't shown.
 */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
): { context: CanvasRenderingContext2D; width: number; height: number } | undefined {
  const { width, height } = canvas.getBoundingClientRect();
  const context = canvas.getContext("2d");
  if (width === 0 || height === 0 || !context) return undefined;
  const [columns, rows] = [width, height].map((size) => Math.round(size * devicePixelRatio));
  if (canvas.width !== columns) canvas.width = columns!;
  if (canvas.height !== rows) canvas.height = rows!;
  context.setTransform(columns! / width, 0, 0, rows! / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/**
 * Makes a picture.
 *
 * @param size Its width and height in pixels.
 * @param paint Writes the red, green, blue and opacity of each pixel, 0 to 255.
 * @param canvas Where it comes; a new one by default.
 * @returns The canvas.
 */
export function paintPixels(
  { width, height }: { readonly width: number; readonly height: number },
  paint: (data: Uint8ClampedArray) => void,
  canvas: HTMLCanvasElement = document.createElement("canvas"),
): HTMLCanvasElement {
  // Setting a size frees what the canvas holds, even if it is the same.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(width, height);
  paint(image.data);
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * A picture of ink: white, and as opaque as there is ink.
 *
 * @param pixels How much, 0 to 255, `[28][28]`; none leaves it empty.
 * @param canvas Where it comes; a new one by default.
 * @returns The canvas.
 */
export function greyImage(
  pixels: Uint8Array | undefined,
  canvas?: HTMLCanvasElement,
): HTMLCanvasElement {
  return paintPixels({ width: SIDE, height: SIDE }, (data) => {
    data.fill(255);
    for (let i = 0; i < PIXELS; i++) data[4 * i + 3] = pixels?.[i] ?? 0;
  }, canvas);
}
