/**
 * From strokes of a pen to a picture as MNIST's are: scaled to a box of 20 x 20 with its proportions
 * kept, and put into 28 x 28 so that its centre of mass is where MNIST's digits have theirs.
 *
 * @module
 */
import { PIXELS, SIDE } from "./messages.ts";

/** A point, 0 to 1 from left to right and from top to bottom. */
export interface Point {
  /** From the left. */
  readonly x: number;
  /** From the top. */
  readonly y: number;
}

/** What a pen draws before it is lifted. */
export type Stroke = readonly Point[];

/** The box that digits are scaled to, in pixels. */
const BOX = 20;
/** Where its centre of mass comes, in pixels: in the middle of the fifteenth, not at its edge. */
const CENTRE = 14.5;
/** Half of the pen's width, in pixels: about what MNIST's writers had. */
const RADIUS = 1.15;
/** What is smaller than this isn't scaled up to the box: a dot stays a dot. */
const SMALLEST = 0.12;

/** Where a stroke's points come to lie: pixels are `scale` times the point, moved. */
interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Draws strokes as the network knows digits.
 *
 * @param strokes The strokes.
 * @returns Grey values, white on black, `[28][28]`; nothing without strokes.
 */
export function pictureOf(strokes: readonly Stroke[]): Uint8Array<ArrayBuffer> | undefined {
  const points = strokes.flat();
  if (points.length === 0) return undefined;
  const [left, right] = rangeOf(points.map(({ x }) => x));
  const [top, bottom] = rangeOf(points.map(({ y }) => y));
  const scale = (BOX - 2 * RADIUS) / Math.max(right - left, bottom - top, SMALLEST);
  const x = (SIDE - scale * (left + right)) / 2;
  const y = (SIDE - scale * (top + bottom)) / 2;
  const mass = centreOfMass(draw(strokes, { scale, x, y }));
  const ink = draw(strokes, { scale, x: x + CENTRE - mass.x, y: y + CENTRE - mass.y });
  return Uint8Array.from(ink, (share) => Math.round(255 * share));
}

/**
 * The centre of mass of a picture.
 *
 * @param ink How much ink each pixel has, `[28][28]`.
 * @returns The centre in pixels from the left and from the top; the middle of the first pixel is 0.5.
 */
export function centreOfMass(ink: ArrayLike<number>): Point {
  let [sum, x, y] = [0, 0, 0];
  for (let i = 0; i < PIXELS; i++) {
    const own = ink[i]!;
    sum += own;
    x += own * (i % SIDE + 0.5);
    y += own * (Math.floor(i / SIDE) + 0.5);
  }
  return { x: x / sum, y: y / sum };
}

function rangeOf(values: readonly number[]): [least: number, largest: number] {
  return values.reduce(
    ([least, largest], value) => [Math.min(least, value), Math.max(largest, value)],
    [Infinity, -Infinity],
  );
}

/** How much of each pixel a round pen covers, 0 to 1, `[28][28]`. */
function draw(strokes: readonly Stroke[], { scale, x, y }: Placement): Float32Array {
  const ink = new Float32Array(PIXELS);
  for (const stroke of strokes) {
    const placed = stroke.map((point) => ({ x: scale * point.x + x, y: scale * point.y + y }));
    placed.forEach((point, i) => drawLine(ink, placed[i - 1] ?? point, point));
  }
  return ink;
}

/** A pixel at the pen's edge is covered by half. */
function drawLine(ink: Float32Array, from: Point, to: Point): void {
  const reach = RADIUS + 1;
  const first = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const last = (a: number, b: number) => Math.min(SIDE - 1, Math.ceil(Math.max(a, b) + reach));
  for (let row = first(from.y, to.y); row <= last(from.y, to.y); row++) {
    for (let column = first(from.x, to.x); column <= last(from.x, to.x); column++) {
      const distance = distanceTo(from, to, { x: column + 0.5, y: row + 0.5 });
      const share = Math.min(1, Math.max(0, RADIUS + 0.5 - distance));
      const place = row * SIDE + column;
      ink[place] = Math.max(ink[place]!, share);
    }
  }
}

/** From a point to the nearest point of a line between two others. */
function distanceTo(from: Point, to: Point, point: Point): number {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const square = x * x + y * y;
  const along = square === 0 ? 0 : ((point.x - from.x) * x + (point.y - from.y) * y) / square;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(from.x + share * x - point.x, from.y + share * y - point.y);
}
