import type { Mark, Scale } from "vega";
import { BLUE, FAINT, INK, VERMILION } from "../../src/plots/colors.ts";
import { BOTTOM_SPACE, figureSpec, sideSpace } from "../../src/plots/figure.ts";
import { render } from "../../src/plots/render.ts";
import { numbersOf, type Result } from "./result.ts";

/** Pixels of a plot. */
const [WIDTH, HEIGHT] = [300, 220];
/** Pixels of a bar, with the space around it. */
const BAR = 22;
/** Pixels of the names of bars. */
const NAMES = 200;
/** Pixels of what stands at the end of a bar. */
const VALUES = 64;

/**
 * Time and memory of a step against what was doubled, both axes logarithmic.
 *
 * @param result What was measured: its first column is what was doubled.
 * @returns The text of an SVG.
 */
export async function growthPlot(result: Result): Promise<string> {
  const [first] = result.columns;
  const x = numbersOf(result, first!.name);
  const curves = [
    { name: "ms a step", color: BLUE },
    { name: "MB on the device", color: VERMILION },
  ].map((curve) => ({ ...curve, y: numbersOf(result, curve.name) }));
  const all = curves.flatMap(({ y }) => y);
  const scales: Scale[] = [
    { name: "x", type: "log", base: 2, domain: [Math.min(...x), Math.max(...x)], range: "width" },
    {
      name: "y",
      type: "log",
      domain: [Math.min(...all), Math.max(...all)],
      nice: true,
      range: "height",
    },
  ];
  const marks = curves.flatMap(({ name, color }, i): Mark[] => [
    {
      type: "line",
      from: { data: name },
      encode: {
        enter: {
          x: { scale: "x", field: "x" },
          y: { scale: "y", field: "y" },
          stroke: { value: color },
          strokeWidth: { value: 2 },
        },
      },
    },
    {
      type: "symbol",
      from: { data: name },
      encode: {
        enter: {
          x: { scale: "x", field: "x" },
          y: { scale: "y", field: "y" },
          size: { value: 30 },
          fill: { value: color },
        },
      },
    },
    {
      type: "text",
      encode: {
        enter: {
          text: { value: name },
          x: { value: 8 + 110 * i },
          y: { value: -10 },
          fill: { value: color },
          fontWeight: { value: "bold" },
        },
      },
    },
  ]);
  return await render(figureSpec({
    title: result.title,
    subtitle: `${result.adapter}, ${result.date}`,
    width: WIDTH,
    height: HEIGHT,
    left: sideSpace(0, Math.max(...all)),
    right: 8,
    bottom: BOTTOM_SPACE,
    top: 30,
    data: curves.map(({ name, y }) => ({
      name,
      values: x.map((value, i) => ({ x: value, y: y[i]! })),
    })),
    scales,
    axes: [
      { orient: "bottom", scale: "x", title: first!.name, values: x, format: "d" },
      {
        orient: "left",
        scale: "y",
        grid: true,
        tickCount: 4,
        format: "~g",
        minExtent: 20,
        maxExtent: 20,
      },
    ],
    marks,
  }));
}

/**
 * How many times as fast each item is as what it was compared with, a bar each from 1 on.
 *
 * @param result What was measured.
 * @returns The text of an SVG.
 */
export async function ratioPlot(result: Result): Promise<string> {
  const ratios = numbersOf(result, "median");
  const bars = result.rows.map(([item = ""], i) => ({
    item,
    ratio: ratios[i]!,
    label: label(ratios[i]!),
  }));
  const height = BAR * bars.length;
  const y = { scale: "y", field: "item" };
  return await render(figureSpec({
    title: "Times as fast as what it is compared with",
    subtitle: `${result.adapter}, ${result.date}; median of the rounds`,
    width: WIDTH + 60,
    height,
    left: NAMES,
    right: VALUES,
    bottom: BOTTOM_SPACE,
    data: [{ name: "bars", values: bars }],
    scales: [
      {
        name: "x",
        type: "log",
        domain: [Math.min(1, ...ratios), Math.max(1, ...ratios)],
        nice: true,
        range: "width",
      },
      {
        name: "y",
        type: "band",
        domain: bars.map(({ item }) => item),
        range: "height",
        padding: 0.25,
      },
    ],
    axes: [
      {
        orient: "bottom",
        scale: "x",
        grid: true,
        tickCount: 4,
        format: "~g",
        title: "times as fast",
      },
      {
        orient: "left",
        scale: "y",
        ticks: false,
        minExtent: NAMES,
        maxExtent: NAMES,
        labelLimit: 0,
      },
    ],
    marks: [
      {
        type: "rect",
        from: { data: "bars" },
        encode: {
          enter: {
            x: { scale: "x", value: 1 },
            x2: { scale: "x", field: "ratio" },
            y,
            height: { scale: "y", band: 1 },
            fill: [{ test: "datum.ratio < 1", value: VERMILION }, { value: BLUE }],
          },
        },
      },
      {
        type: "text",
        from: { data: "bars" },
        encode: {
          enter: {
            text: { field: "label" },
            x: { signal: "max(scale('x', datum.ratio), scale('x', 1)) + 6" },
            y: { ...y, band: 0.5 },
            baseline: { value: "middle" },
            fill: { value: INK },
          },
        },
      },
      {
        type: "rule",
        encode: {
          enter: {
            x: { scale: "x", value: 1 },
            x2: { scale: "x", value: 1 },
            y: { value: 0 },
            y2: { value: height },
            stroke: { value: FAINT },
          },
        },
      },
    ],
  }));
}

/** A ratio of two or three digits. */
const label = (ratio: number): string =>
  ratio < 100 ? String(Number(ratio.toPrecision(2))) : ratio.toFixed(0);
