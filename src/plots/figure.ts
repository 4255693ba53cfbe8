import type { Axis, Data, Mark, RectMark, Scale, Spec, TextMark } from "vega";
import { FRAME, GRID, INK } from "./colors.ts";
import type { Box } from "./pixels.ts";

/** DejaVu Sans is the widest of these: where it fits, the others do. */
const FONT = "DejaVu Sans, Verdana, Arial, sans-serif";

/** An upper bound of the width of a character, in ems. */
const BOLD_EM = 0.72;
const PLAIN_EM = 0.63;

const TITLE_SIZE = 16;
const TEXT_SIZE = 12;
const LABEL_SIZE = 11;
const TITLE_LINE = 21;
const SUBTITLE_LINE = 17;

/** What an upright axis takes beside its labels. */
const TICK_SPACE = 7;
const TITLE_SPACE = 23;

/** The space of an axis at the bottom. */
export const BOTTOM_SPACE = 42;

/** The white space around a figure. */
const EDGE = 16;

/** A plot and what surrounds it, in pixels. */
export interface Figure {
  title: string;
  subtitle?: string;
  width: number;
  height: number;
  /** Space for the axis at the left. */
  left: number;
  /** Space for what is at the right. */
  right: number;
  /** Space for the axis at the bottom. */
  bottom: number;
  /** Space between the titles and the plot. */
  top?: number;
  data?: Data[];
  scales?: Scale[];
  axes?: Axis[];
  marks: Mark[];
}

/**
 * Lays out a figure. Vega can't measure text without a DOM, so every margin is given.
 *
 * @param figure The parts.
 * @returns A Vega specification.
 */
export function figureSpec(figure: Figure): Spec {
  const left = EDGE + figure.left;
  const right = EDGE + figure.right;
  const room = figure.left + figure.width + figure.right;
  const title = wrap(figure.title, room / (TITLE_SIZE * BOLD_EM));
  const subtitle = wrap(figure.subtitle ?? "", room / (TEXT_SIZE * PLAIN_EM));
  const top = EDGE + title.length * TITLE_LINE + subtitle.length * SUBTITLE_LINE +
    (figure.top ?? 8);
  const titleY = EDGE - top;

  return {
    description: figure.title,
    background: "white",
    autosize: "none",
    width: figure.width,
    height: figure.height,
    padding: { left, right, top, bottom: EDGE + figure.bottom },
    data: figure.data ?? [],
    scales: figure.scales ?? [],
    axes: figure.axes ?? [],
    marks: [
      lines(title, -figure.left, titleY, { size: TITLE_SIZE, step: TITLE_LINE, bold: true }),
      lines(subtitle, -figure.left, titleY + title.length * TITLE_LINE, {
        size: TEXT_SIZE,
        step: SUBTITLE_LINE,
        bold: false,
      }),
      ...figure.marks,
    ],
    config: {
      text: { font: FONT, fontSize: TEXT_SIZE, fill: INK },
      axis: {
        labelFont: FONT,
        labelFontSize: LABEL_SIZE,
        labelColor: INK,
        titleFont: FONT,
        titleFontSize: TEXT_SIZE,
        titleFontWeight: "normal",
        titleColor: INK,
        titlePadding: 8,
        domain: false,
        tickColor: FRAME,
        gridColor: GRID,
      },
    },
  };
}

/**
 * Makes an axis of whole numbers: time steps, neurons, epochs.
 *
 * @param orient The side.
 * @param title What is counted.
 * @param length The axis' length in pixels.
 * @param space The pixels that labels and title take.
 * @param gap The least distance of two labels.
 * @returns The axis, of the scale `x` or `y`.
 */
export function countAxis(
  orient: "left" | "bottom",
  title: string,
  length: number,
  space: number = BOTTOM_SPACE,
  gap: number = orient === "left" ? 18 : 50,
): Axis {
  return {
    orient,
    scale: orient === "left" ? "y" : "x",
    title,
    tickCount: Math.max(1, Math.floor(length / gap)),
    tickMinStep: 1,
    format: "d",
    ...(orient === "left" ? extent(space) : {}),
  };
}

/**
 * Says how far an upright axis' title is from it, which Vega would have to measure.
 *
 * @param space The pixels that labels and title take.
 * @returns The axis' properties.
 */
export function extent(space: number): { minExtent: number; maxExtent: number } {
  return { minExtent: space - TITLE_SPACE, maxExtent: space - TITLE_SPACE };
}

/**
 * The pixels that an upright axis' ticks, labels and title take.
 *
 * @param low The least value.
 * @param high The greatest value.
 * @param step The least distance of two labels.
 * @returns The pixels.
 */
export function sideSpace(low: number, high: number, step = 1): number {
  const whole = Math.max(low.toFixed(0).length, high.toFixed(0).length);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  const characters = whole + (decimals > 0 ? 1 + decimals : 0);
  return TICK_SPACE + Math.ceil(characters * LABEL_SIZE * PLAIN_EM) + TITLE_SPACE;
}

/**
 * The line around a picture.
 *
 * @param box The picture's place.
 * @returns The mark.
 */
export function frame({ x, y, width, height }: Box): RectMark {
  return {
    type: "rect",
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        width: { value: width },
        height: { value: height },
        stroke: { value: FRAME },
      },
    },
  };
}

/** Breaks a text between words into lines of at most so many characters. */
function wrap(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < characters) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** Lines of text, the first one's top at `y`. */
function lines(
  text: string[],
  x: number,
  y: number,
  style: { size: number; step: number; bold: boolean },
): TextMark {
  return {
    type: "text",
    encode: {
      enter: {
        text: { value: text },
        x: { value: x },
        y: { value: y + style.size },
        fontSize: { value: style.size },
        lineHeight: { value: style.step },
        fontWeight: { value: style.bold ? "bold" : "normal" },
      },
    },
  };
}
