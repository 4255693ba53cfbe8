import { join } from "node:path";
import { toPng } from "../../plots/to_png.ts";
import { writeWhole } from "./files.ts";

/**
 * Writes a plot as SVG and as PNG.
 *
 * @param folder The folder.
 * @param plot Its file's name without its ending, and its SVG.
 * @returns The two files.
 */
export async function writePlot(
  folder: string,
  { name, svg }: { readonly name: string; readonly svg: string },
): Promise<string[]> {
  const [vector, pixels] = ["svg", "png"].map((ending) => join(folder, `${name}.${ending}`)) as [
    string,
    string,
  ];
  await writeWhole(vector, svg);
  await writeWhole(pixels, await toPng(svg));
  return [vector, pixels];
}
