import type { LayerCounts } from "@galvani/snn";
import type { Work } from "../messages.ts";

/**
 * Shows what a network has to do for a digit, and what that takes beside the same network without spikes.
 *
 * @param place Where it comes.
 * @param work What the network had to do; nothing before its first test.
 * @param isSequence Whether digits come in over time: without spikes such a network isn't the same one with each
 * weight used once.
 */
export function showWork(place: HTMLElement, work: Work | undefined, isSequence: boolean): void {
  if (!work) {
    place.textContent = "not counted yet";
    return;
  }
  const { counts, energy } = work;
  const table = document.createElement("table");
  const row = (tag: "th" | "td", cells: readonly string[]) => {
    const line = table.insertRow();
    for (const text of cells) {
      line.append(Object.assign(document.createElement(tag), { textContent: text }));
    }
  };
  row("th", ["layer", "for a digit", "nJ"]);
  for (const [i, layer] of counts.layers.entries()) {
    if (!layer.reads) continue;
    const operations = [
      ["+", layer.synapticOperations],
      ["×", layer.multiplyAccumulates],
    ] as const;
    const done = operations
      .filter(([, count]) => count > 0)
      .map(([sign, count]) => `${sign} ${Math.round(count / counts.samples).toLocaleString("en")}`);
    row("td", [nameOf(layer), done.join(" "), nanojoules(energy.layers[i]!.energy)]);
  }
  row("th", ["together", "", nanojoules(energy.energy)]);
  if (!isSequence) row("td", ["without spikes", "", nanojoules(energy.withoutSpikes)]);
  place.replaceChildren(table);
}

/** The kind of layer, and what it is of one that it is inside. */
function nameOf({ layer, kind }: LayerCounts): string {
  const inside = layer.split(".").slice(2).join(".");
  return inside ? `${kind}, ${inside}` : kind;
}

function nanojoules(picojoules: number): string {
  return Number((picojoules / 1000).toPrecision(3)).toLocaleString("en");
}
