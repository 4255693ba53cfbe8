import { loadVega } from "./vega.ts";

/** Red, green and blue, 0 to 255. */
export type Color = [red: number, green: number, blue: number];

/** The colours of lines, marks and text; those that tell things apart are Okabe and Ito's. */
export const INK = "#222222";
export const FAINT = "#757575";
export const GRID = "#e4e4e4";
export const FRAME = "#9a9a9a";
export const BLUE = "#0072b2";
export const VERMILION = "#d55e00";

/** How many colours a palette has. */
export const PALETTE_SIZE = 256;

/**
 * Black to white.
 *
 * @returns The palette, the lowest value's colour first.
 */
export function greys(): Color[] {
  return Array.from({ length: PALETTE_SIZE }, (_, i) => [i, i, i]);
}

/**
 * White to dark blue.
 *
 * @returns The palette, the lowest value's colour first.
 */
export function blues(): Color[] {
  const dark: Color = [0, 76, 128];
  return Array.from({ length: PALETTE_SIZE }, (_, i) => {
    const mix = (end: number) => Math.round(255 + (end - 255) * i / (PALETTE_SIZE - 1));
    return [mix(dark[0]), mix(dark[1]), mix(dark[2])];
  });
}

/**
 * One of Vega's continuous colour schemes.
 *
 * @param name Its name: `viridis` for amounts, `blueorange` for what has a sign.
 * @returns The palette, the lowest value's colour first.
 */
export async function scheme(name: "viridis" | "blueorange"): Promise<Color[]> {
  const vega = await loadVega();
  const interpolate: (fraction: number) => string = vega.scheme(name);
  return Array.from({ length: PALETTE_SIZE }, (_, i) => {
    const channels = interpolate(i / (PALETTE_SIZE - 1)).match(/\d+/g) ?? [];
    return channels.map(Number) as Color;
  });
}
