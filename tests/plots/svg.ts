import { decode, type DecodedPng } from "fast-png";
import { type Document, DOMParser, type Element } from "@xmldom/xmldom";

/**
 * Parses an SVG, and fails if it isn't well-formed XML.
 *
 * @param text The text.
 * @returns The document.
 */
export function parseSvg(text: string): Document {
  const parser = new DOMParser({
    onError: (_level, message) => {
      throw new Error(message);
    },
  });
  return parser.parseFromString(text, "image/svg+xml");
}

/**
 * The elements of one mark.
 *
 * @param svg The document.
 * @param name The mark's name, or its type.
 * @param tag The elements to find.
 * @returns The elements.
 */
export function markElements(svg: Document, name: string, tag: string): Element[] {
  const groups = Array.from(svg.getElementsByTagName("g"))
    .filter((group) => group.getAttribute("class")?.split(" ").includes(name));
  return groups.flatMap((group) => Array.from(group.getElementsByTagName(tag)));
}

/**
 * All texts, in order.
 *
 * @param svg The document.
 * @returns Their contents.
 */
export function texts(svg: Document): string[] {
  return Array.from(svg.getElementsByTagName("text"), (text) => text.textContent ?? "");
}

/**
 * The numbers of an attribute.
 *
 * @param element The element.
 * @param name The attribute.
 * @returns The numbers in it.
 */
export function numbersOf(element: Element, name: string): number[] {
  return (element.getAttribute(name) ?? "").match(/-?\d+(\.\d+)?(e-?\d+)?/g)?.map(Number) ?? [];
}

/** A picture inside an SVG. */
export interface EmbeddedPicture {
  png: DecodedPng;
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * The pictures inside an SVG, in order.
 *
 * @param svg The document.
 * @returns The decoded pictures and their places.
 */
export function embeddedPictures(svg: Document): EmbeddedPicture[] {
  return Array.from(svg.getElementsByTagName("image"), (image) => {
    const [head, base64 = ""] = (image.getAttribute("xlink:href") ?? "").split(",");
    if (head !== "data:image/png;base64") throw new Error(`The picture is a ${head}`);
    const [x = NaN, y = NaN] = numbersOf(image, "transform");
    return {
      png: decode(Uint8Array.fromBase64(base64)),
      x,
      y,
      width: Number(image.getAttribute("width")),
      height: Number(image.getAttribute("height")),
    };
  });
}

/**
 * The colour of a pixel.
 *
 * @param png A picture with a palette.
 * @param row Its row.
 * @param column Its column.
 * @returns Red, green and blue.
 */
export function colorAt(png: DecodedPng, row: number, column: number): number[] {
  return png.palette![png.data[row * png.width + column]!]!;
}
