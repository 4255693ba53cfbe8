import type { TextMark } from "vega";
import { checkCount } from "../validate.ts";
import { checkValues } from "./checks.ts";
import { blues, FAINT, INK } from "./colors.ts";
import { BOTTOM_SPACE, countAxis, figureSpec, frame, sideSpace } from "./figure.ts";
import { pixelMark } from "./pixels.ts";
import type { PlotOptions } from "./plot_options.ts";
import { render } from "./render.ts";

/** Options of {@linkcode confusionMatrix}. */
export interface ConfusionMatrixOptions extends PlotOptions {
  /** The number of classes. */
  classes: number;
}

const WHAT = "Cannot plot a confusion matrix";

/** More classes than this have no room for numbers. */
const MOST_NUMBERS = 25;

const LEAST_SIZE = 440;
const LEAST_CELL = 34;

/**
 * Plots how often each label got each answer. A cell's colour is the square root of its share of
 * its row, so that rare mistakes show.
 *
 * @param counts The counts, `[classes, classes]`: a row for each true label, a column for each
 * answer.
 * @param options The number of classes.
 * @returns The text of an SVG.
 * @throws {TypeError} If there are more or fewer counts.
 * @throws {RangeError} If `classes` isn't a count, or a value isn't an integer of at least 0.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "@galvani/snn/plots";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = await confusionMatrix(new Uint32Array([48, 2, 5, 45]), { classes: 2 });
 * assertStringIncludes(svg, "93 of 100 answers are right");
 * ```
 */
export async function confusionMatrix(
  counts: ArrayLike<number>,
  options: ConfusionMatrixOptions,
): Promise<string> {
  const classes = checkCount(WHAT, "classes", options.classes);
  checkValues(WHAT, counts, { labels: classes, answers: classes });
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(
        `${WHAT} as counts must be integers of at least 0: value ${i} is ${count}`,
      );
    }
  }

  const { shades, right, all } = summarize(counts, classes);
  const numbers = classes <= MOST_NUMBERS;
  const size = numbers ? Math.max(LEAST_SIZE, classes * LEAST_CELL) : LEAST_SIZE;
  const box = { x: 0, y: 0, width: size, height: size };
  const cells = await pixelMark(
    { values: shades, rows: classes, columns: classes, low: 0, high: 1, palette: blues() },
    box,
  );
  const left = sideSpace(0, classes - 1);
  const domain = [-0.5, classes - 0.5];
  return await render(figureSpec({
    title: options.title ?? "Confusion matrix",
    subtitle: `${right} of ${all} answers are right`,
    width: size,
    height: size,
    left,
    right: 0,
    bottom: BOTTOM_SPACE,
    data: numbers ? [{ name: "numbers", values: cellNumbers(counts, shades, classes) }] : [],
    scales: [
      { name: "x", type: "linear", domain, range: [0, size] },
      { name: "y", type: "linear", domain, range: [0, size] },
    ],
    axes: [
      countAxis("bottom", "answer", size, BOTTOM_SPACE, 24),
      countAxis("left", "true label", size, left),
    ],
    marks: numbers ? [cells, frame(box), numberMark(size / classes)] : [cells, frame(box)],
  }));
}

/** Each cell's colour, 0 to 1, and how many counts are on the diagonal. */
function summarize(
  counts: ArrayLike<number>,
  classes: number,
): { shades: number[]; right: number; all: number } {
  const sums = new Float64Array(classes);
  let right = 0;
  for (let i = 0; i < counts.length; i++) {
    const label = Math.floor(i / classes);
    sums[label]! += counts[i]!;
    if (i % classes === label) right += counts[i]!;
  }
  const shades = Array.from(
    counts,
    (count, i) => Math.sqrt(count / (sums[Math.floor(i / classes)]! || 1)),
  );
  return { shades, right, all: sums.reduce((sum, more) => sum + more, 0) };
}

interface CellNumber {
  label: number;
  answer: number;
  text: string;
  color: string;
}

function cellNumbers(
  counts: ArrayLike<number>,
  shades: readonly number[],
  classes: number,
): CellNumber[] {
  return Array.from(counts, (count, i) => ({
    label: Math.floor(i / classes),
    answer: i % classes,
    text: String(count),
    color: shades[i]! > 0.55 ? "white" : count === 0 ? FAINT : INK,
  }));
}

function numberMark(cell: number): TextMark {
  return {
    type: "text",
    name: "cell-numbers",
    from: { data: "numbers" },
    encode: {
      enter: {
        text: { field: "text" },
        x: { scale: "x", field: "answer" },
        y: { scale: "y", field: "label" },
        align: { value: "center" },
        baseline: { value: "middle" },
        fontSize: { value: Math.min(12, cell / 4) },
        fill: { field: "color" },
      },
    },
  };
}
