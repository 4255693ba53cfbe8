import type { Answer } from "./messages.ts";

/**
 * Says why a digit was read as it was, and whether that is right.
 *
 * @param answer What the neurons did.
 * @param label What the digit is, where that is known.
 * @returns Such as "right: 97 spikes; 9 has 10".
 */
export function reasonOf(
  { digit, counts }: Pick<Answer, "digit" | "counts">,
  label: number | undefined,
): string {
  const most = counts[digit]!;
  if (most === 0) return "no neuron fires";
  const others = counts.map((count, neuron) => neuron === digit ? 0 : count);
  const next = Math.max(...others);
  const isRight = label === digit;
  const verdict = label === undefined ? "" : isRight ? "right: " : `wrong, it is a ${label}: `;
  const spikes = `${most} ${most === 1 ? "spike" : "spikes"}`;
  const rest = next === 0 ? "the others none" : `${others.indexOf(next)} has ${next}`;
  return `${verdict}${spikes}; ${rest}`;
}
