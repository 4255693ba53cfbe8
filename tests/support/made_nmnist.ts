/**
 * Recordings made like N-MNIST's: a model of an event camera looks at MNIST's pictures while it moves along
 * three sides of a triangle. They aren't N-MNIST, and what a network learns of them says nothing of it.
 *
 * @module
 */

import type { CameraEvents, Dataset } from "../../src/datasets/mod.ts";

/** Columns and rows of the sensor. */
const SIDE = 34;
/** MNIST's. */
const PICTURE = 28;
/** Corners of the triangle, in pixels, and microseconds of a side. */
const CORNERS = [[-0.5, -0.5], [3, 6.5], [6.5, -0.5], [-0.5, -0.5]] as const;
const LEG = 105_000;
const STEP = 1000;
/** What light adds to each pixel: black isn't without any. */
const DARK = 0.15;
/** How much the logarithm of a pixel's light changes from event to event, and how that varies. */
const THRESHOLD = 0.44, SPREAD = 0.03, LEAST_THRESHOLD = 0.05;
/** Events of a pixel that nothing caused, a second. */
const NOISE = 0.3;

/** Random numbers from 0 to 1 that follow from a seed: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let word = Math.imul(state ^ state >>> 15, state | 1);
    word ^= word + Math.imul(word ^ word >>> 7, word | 61);
    return ((word ^ word >>> 14) >>> 0) / 2 ** 32;
  };
}

/**
 * Makes a recording of a picture.
 *
 * @param picture Its pixels, `[28, 28]`, 0 to 255.
 * @param seed What thresholds and noise follow from.
 * @returns Its events, in the order of their times.
 */
export function madeRecording(picture: Uint8Array, seed: number): CameraEvents {
  const random = randomOf(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const threshold = () => Math.max(LEAST_THRESHOLD, THRESHOLD + SPREAD * normal());
  const pixels = SIDE * SIDE;
  const light = new Float64Array(pixels);
  const on = Float64Array.from(light, threshold);
  const off = Float64Array.from(light, threshold);
  look(picture, 0, light);
  const seen = light.slice();
  const before = light.slice();
  const found: [t: number, place: number, p: number][] = [];
  const last = new Float64Array(pixels).fill(-STEP);
  const add = (t: number, place: number, p: number) => {
    // A pixel rests for a millisecond after an event.
    if (t - last[place]! < STEP) return;
    last[place] = t;
    found.push([t, place, p]);
  };
  for (let t = STEP; t < 3 * LEG; t += STEP) {
    look(picture, t, light);
    for (let place = 0; place < pixels; place++) {
      const [from, to] = [before[place]!, light[place]!];
      if (random() < NOISE * STEP / 1e6) {
        add(t - STEP + random() * STEP, place, random() < 0.5 ? 0 : 1);
      }
      while (true) {
        const rise = to - seen[place]!;
        const step = rise > 0 ? on[place]! : -off[place]!;
        if (Math.abs(rise) < Math.abs(step)) break;
        seen[place]! += step;
        const part = to === from ? 1 : (seen[place]! - from) / (to - from);
        add(t - STEP + Math.min(1, Math.max(0, part)) * STEP, place, rise > 0 ? 1 : 0);
      }
    }
    before.set(light);
  }
  found.sort((a, b) => a[0] - b[0]);
  return {
    x: Uint16Array.from(found, ([, place]) => place % SIDE),
    y: Uint16Array.from(found, ([, place]) => Math.floor(place / SIDE)),
    t: Float64Array.from(found, ([t]) => Math.floor(t)),
    p: Uint8Array.from(found, ([, , p]) => p),
  };
}

/** The logarithm of what each pixel of the sensor sees at a time: the picture, shifted. */
function look(picture: Uint8Array, t: number, light: Float64Array): void {
  const leg = Math.min(2, Math.floor(t / LEG));
  const part = t / LEG - leg;
  const shift = [0, 1].map((axis) =>
    CORNERS[leg]![axis]! + part * (CORNERS[leg + 1]![axis]! - CORNERS[leg]![axis]!)
  );
  const value = (x: number, y: number) =>
    x < 0 || y < 0 || x >= PICTURE || y >= PICTURE ? 0 : picture[y * PICTURE + x]! / 255;
  for (let place = 0; place < light.length; place++) {
    const x = place % SIDE - shift[0]!, y = Math.floor(place / SIDE) - shift[1]!;
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, below] = [x - left, y - top];
    const upper = value(left, top) * (1 - right) + value(left + 1, top) * right;
    const lower = value(left, top + 1) * (1 - right) + value(left + 1, top + 1) * right;
    light[place] = Math.log(DARK + upper * (1 - below) + lower * below);
  }
}

/**
 * A recording as N-MNIST's files are.
 *
 * @param events Its events.
 * @returns The file's bytes.
 */
export function encodeNmnist({ x, y, t, p }: CameraEvents): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(5 * t.length);
  for (let i = 0; i < t.length; i++) {
    bytes.set([x[i]!, y[i]!, p[i]! << 7 | t[i]! >> 16, t[i]! >> 8 & 255, t[i]! & 255], 5 * i);
  }
  return bytes;
}

/**
 * Writes a folder as N-MNIST's is, of made recordings.
 *
 * @param folder The folder.
 * @param parts The pictures of each part.
 */
export async function writeMadeNmnist(
  folder: string,
  parts: Readonly<Record<"Train" | "Test", Dataset>>,
): Promise<void> {
  for (const [part, { content, labels, count }] of Object.entries(parts)) {
    if (content.kind !== "bytes") throw new TypeError("Cannot look at what are no pictures");
    const size = PICTURE * PICTURE;
    for (let i = 0; i < count; i++) {
      const place = `${folder}/${part}/${labels![i]}`;
      await Deno.mkdir(place, { recursive: true });
      const picture = content.data.subarray(i * size, (i + 1) * size);
      const name = `${place}/${String(i).padStart(5, "0")}.bin`;
      await Deno.writeFile(name, encodeNmnist(madeRecording(picture, i)));
    }
  }
}
