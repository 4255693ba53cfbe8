import type { Spec } from "vega";
import { loadVega } from "./vega.ts";

/**
 * Renders a Vega specification, without a DOM.
 *
 * @param spec The specification.
 * @returns The text of an SVG.
 */
export async function render(spec: Spec): Promise<string> {
  const { parse, View } = await loadVega();
  const view = new View(parse(spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
