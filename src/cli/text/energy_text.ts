import type { NetworkCounts } from "../../model/counts.ts";
import type { NetworkEnergy } from "../../model/energy.ts";
import { align } from "../../text/align.ts";

/** Columns of {@linkcode energyRows} that hold text. */
const TEXTS = [0, 1, 2];

/**
 * What a network takes for a sample, as rows of a table, the total last.
 *
 * @param counts What it had to do.
 * @param energy What that takes.
 * @returns Cells, the headings first.
 */
export function energyRows(counts: NetworkCounts, energy: NetworkEnergy): string[][] {
  const { samples, total } = counts;
  const each = (count: number) => short(count / samples);
  const rate = (reads: string | undefined, inputRate: number) =>
    reads === "spikes" ? inputRate.toFixed(4) : "";
  const rows = counts.layers.map((layer, i) => {
    const { energy: own, withoutSpikes } = energy.layers[i]!;
    return [
      layer.layer,
      layer.kind,
      layer.reads ?? "",
      rate(layer.reads, layer.inputRate),
      each(layer.synapticOperations),
      each(layer.multiplyAccumulates),
      each(layer.potentialUpdates),
      each(layer.bytes),
      nanojoules(own),
      nanojoules(withoutSpikes),
    ];
  });
  return [
    [
      "layer",
      "",
      "reads",
      "spikes a step",
      "SOPs",
      "MACs",
      "updates",
      "bytes",
      "nJ",
      "nJ as an ANN",
    ],
    ...rows,
    [
      "total",
      "",
      "",
      rate(energy.breakEvenRate === undefined ? undefined : "spikes", total.inputRate),
      each(total.synapticOperations),
      each(total.multiplyAccumulates),
      each(total.potentialUpdates),
      each(total.bytes),
      nanojoules(energy.energy),
      nanojoules(energy.withoutSpikes),
    ],
  ];
}

/**
 * Says in a sentence whether spikes are worth it.
 *
 * @param counts What the network had to do.
 * @param energy What that takes.
 * @returns The sentence.
 */
export function energyVerdict({ total }: NetworkCounts, energy: NetworkEnergy): string {
  const { energy: own, withoutSpikes, breakEvenRate } = energy;
  const compared = `${short(own / withoutSpikes)} times what the same network takes as an ANN`;
  if (breakEvenRate === undefined) return `${compared}: no layer reads spikes`;
  if (breakEvenRate === 0) return `${compared}, whatever the firing rate`;
  return `${compared}; it takes less below ${
    breakEvenRate.toFixed(4)
  } spikes a synapse and step, ` +
    `and has ${total.inputRate.toFixed(4)}`;
}

/**
 * What a network takes for a picture, as text for people.
 *
 * @param counts What it had to do.
 * @param energy What that takes.
 * @returns Lines of text.
 */
export function energyText(counts: NetworkCounts, energy: NetworkEnergy): string {
  return [
    `For a picture, by ${energy.costs.name}`,
    ...align(energyRows(counts, energy), TEXTS),
    energyVerdict(counts, energy),
  ].join("\n");
}

/** A number of three digits and a unit: 47.1 k. */
function short(value: number): string {
  if (value === 0) return "0";
  const unit = ["", " k", " M", " G", " T"];
  const power = Math.min(unit.length - 1, Math.max(0, Math.floor(Math.log10(value) / 3)));
  return `${Number((value / 1000 ** power).toPrecision(3))}${unit[power]}`;
}

const nanojoules = (picojoules: number): string => `${Number((picojoules / 1000).toPrecision(3))}`;
