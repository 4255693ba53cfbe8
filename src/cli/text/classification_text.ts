import { paint, type Terminal } from "./terminal.ts";

/** A network's answer to a picture. */
export interface Classification {
  /** What the picture is called. */
  readonly picture: string;
  /** The class that it was given; nothing where no neuron fired. */
  readonly answer: number | undefined;
  /** Its class, where that is known. */
  readonly label?: number;
  /** What the scores are. */
  readonly quantity: "firing rates" | "values";
  /** The names of the classes, where labels aren't the names. */
  readonly classNames?: readonly string[] | undefined;
  /** How strongly the network answered with each class, `[classes]`. */
  readonly scores: Float32Array;
}

/** Why there is no answer. */
export const NO_SPIKES = "none of the last neurons fired";

/** Columns of the longest bar. */
const BAR = 50;
/** Blocks of 1 to 8 eighths of a column. */
const BLOCKS = "▏▎▍▌▋▊▉█";

/**
 * Writes an answer with a bar for each class.
 *
 * @param classification The answer.
 * @param terminal Where the text goes.
 * @returns Lines of text.
 */
export function classificationText(classification: Classification, terminal: Terminal): string {
  const { picture, answer, label, quantity, scores } = classification;
  const named = (label: number) => namedLabel(label, classification.classNames);
  const isRight = label === undefined || answer === label;
  const verdict = isRight
    ? label === undefined ? "" : `, ${paint(terminal, "green", "right")}`
    : `, ${paint(terminal, "red", "wrong")}: the label is ${named(label)}`;
  const said = answer === undefined
    ? `${paint(terminal, "yellow", "no answer")}, as ${NO_SPIKES}` +
      (label === undefined ? "" : `: the label is ${named(label)}`)
    : `answer ${paint(terminal, "bold", named(answer))}${verdict}`;
  const texts = Array.from(scores, (score) => score.toFixed(2));
  const names = texts.map((_, i) => classification.classNames?.[i] ?? String(i));
  const [nameWidth, textWidth] = [names, texts].map((all) =>
    Math.max(...all.map(({ length }) => length))
  ) as [number, number];
  // Rates have a scale of their own, values have none.
  const most = quantity === "firing rates" ? 1 : Math.max(...scores, Number.MIN_VALUE);
  const room = Math.max(0, Math.min(BAR, terminal.columns - nameWidth - textWidth - 5));
  const bars = texts.map((text, i) => {
    const line = `  ${names[i]!.padStart(nameWidth)} ${text.padStart(textWidth)} ${
      bar(scores[i]! / most, room)
    }`.trimEnd();
    if (i === answer && !isRight) return paint(terminal, "red", line);
    return i === answer || i === label ? paint(terminal, "green", line) : line;
  });
  return [
    `${picture}: ${said}`,
    ...bars,
    `${quantity === "values" ? "Values" : "Firing rates"}: [${texts.join(" ")}]`,
  ].join("\n");
}

/**
 * A label as text.
 *
 * @param label The label.
 * @param classNames The names of the classes, where labels aren't the names.
 * @returns The text, such as `9 (Ankle boot)`.
 */
export function namedLabel(label: number, classNames: readonly string[] | undefined): string {
  const name = classNames?.[label];
  return name === undefined ? String(label) : `${label} (${name})`;
}

/** A bar of a share of the columns. */
function bar(share: number, columns: number): string {
  const eighths = Math.round(8 * Math.max(0, Math.min(1, share)) * columns);
  const [whole, rest] = [Math.floor(eighths / 8), eighths % 8];
  return "█".repeat(whole) + (rest === 0 ? "" : BLOCKS[rest - 1]!);
}
