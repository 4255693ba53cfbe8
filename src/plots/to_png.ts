import { importResvg } from "../packages.ts";
import { checkAbove } from "../validate.ts";

/** Options of {@linkcode toPng}. */
export interface ToPngOptions {
  /**
   * Pixels of the PNG for each pixel of the SVG.
   *
   * @default {2}
   */
  scale?: number;
  /**
   * The bytes of `index_bg.wasm` of the npm package `@resvg/resvg-wasm`; the first call's count.
   *
   * @default {Those of the package in Deno's cache; browsers have none}
   */
  wasm?: BufferSource;
  /**
   * The TrueType fonts to write with, as bytes.
   *
   * @default {DejaVu Sans, plain and bold, of a package in Deno's cache; browsers have none}
   */
  fonts?: Uint8Array[];
}

/** The files of the packages with the renderer and the fonts. */
const RENDERER = "npm:@resvg/resvg-wasm@2.6.2/index_bg.wasm";
const FONTS = ["DejaVuSans", "DejaVuSans-Bold"]
  .map((name) => `npm:dejavu-fonts-ttf@2.37.3/ttf/${name}.ttf`);
/** The fonts' package has no code. Not a literal where it is imported, as with the renderer. */
const FONT_PACKAGE: string = "npm:dejavu-fonts-ttf@2.37.3/package.json";

let started: Promise<void> | undefined;
let defaultFonts: Promise<Uint8Array[]> | undefined;

/**
 * Turns an SVG into a PNG, the same on every machine: no font of the system is used.
 *
 * Needs permission to read Deno's cache. In a browser, pass `wasm` and `fonts`.
 *
 * @param svg The text of the SVG.
 * @param options How large the PNG is, and what it is made with.
 * @returns The PNG's bytes.
 * @throws {RangeError} If the scale isn't a finite number above 0.
 * @throws {SyntaxError} If the text isn't an SVG.
 *
 * @example
 * ```ts
 * import { picture, toPng } from "@galvani/snn/plots";
 * import { assertEquals } from "@std/assert";
 *
 * const svg = await picture(new Uint8Array([0, 255, 255, 0]), { height: 2, width: 2 });
 * const png = await toPng(svg);
 * assertEquals(png.subarray(1, 4), new TextEncoder().encode("PNG"));
 * ```
 */
export async function toPng(
  svg: string,
  options: ToPngOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const scale = checkAbove("Cannot make a PNG", "scale", options.scale ?? 2, 0);
  const { initWasm, Resvg } = await importResvg();
  started ??= initWasm(options.wasm ?? readFile(RENDERER));
  await started;
  const fontBuffers = options.fonts ?? await (defaultFonts ??= readFonts());

  let renderer;
  try {
    // The renderer knows only the older name that Vega writes before this one.
    renderer = new Resvg(svg.replaceAll("image-rendering: pixelated;", ""), {
      fitTo: { mode: "zoom", value: scale },
      font: { fontBuffers, defaultFontFamily: "DejaVu Sans" },
    });
  } catch (cause) {
    throw new SyntaxError("Cannot make a PNG as the text is not an SVG", { cause });
  }
  const image = renderer.render();
  const png = new Uint8Array(image.asPng());
  image.free();
  renderer.free();
  return png;
}

/**
 * Makes sure that {@linkcode toPng} will find its own files, before work is done that is to be drawn.
 *
 * @throws {Deno.errors.NotCapable} If there is no permission to read Deno's cache.
 */
export async function checkPngFiles(): Promise<void> {
  await importPackages();
  for (const name of [RENDERER, ...FONTS]) await (await openFile(name)).body?.cancel();
}

async function readFonts(): Promise<Uint8Array[]> {
  await importPackages();
  return await Promise.all(FONTS.map(readFile));
}

/** Makes Deno download the packages, and find their files. */
async function importPackages(): Promise<void> {
  await importResvg();
  await import(FONT_PACKAGE, { with: { type: "json" } });
}

async function readFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await (await openFile(name)).bytes();
}

/** Opens a file of an npm package that was imported. */
async function openFile(name: string): Promise<Response> {
  return await fetch(import.meta.resolve(name));
}
