const SVG = "http://www.w3.org/2000/svg";
/** Room for the numbers at the axes, in ems. */
const MARGIN = { left: 2.9, right: 0.6, top: 0.6, bottom: 1.6 };
/** Numbers at the axis of epochs, at most. */
const MOST_EPOCHS = 5;

/** A point of a curve: an epoch, which needn't be whole, and a value. */
export type CurvePoint = readonly [epoch: number, value: number];

/** What the value axis of a curve shows. */
export interface Axis {
  /** The values that have a line. */
  readonly ticks: readonly number[];
  /** How a value is written. */
  readonly format: (value: number) => string;
}

/** What a curve shows. */
export interface CurveData {
  /** A value every few steps. */
  readonly line: readonly CurvePoint[];
  /** A value after each epoch. */
  readonly dots: readonly CurvePoint[];
}

/** A curve over epochs that grows; an SVG that is as large as its place. */
export class Curve {
  readonly #place: HTMLElement;
  readonly #name: string;
  readonly #axisOf: (data: CurveData) => Axis;
  #data: CurveData = { line: [], dots: [] };
  /** In pixels; `em` is the height of letters. Asked for when it changes: an answer takes a layout. */
  #size = { width: 0, height: 0, em: 0 };

  /**
   * @param place Where it comes.
   * @param name What is shown, to those who can't see it.
   * @param axisOf The axis that suits the data.
   */
  constructor(place: HTMLElement, name: string, axisOf: (data: CurveData) => Axis) {
    this.#place = place;
    this.#name = name;
    this.#axisOf = axisOf;
    new ResizeObserver(() => {
      const em = parseFloat(getComputedStyle(place).fontSize);
      this.#size = { width: place.clientWidth, height: place.clientHeight, em };
      this.#draw();
    }).observe(place);
  }

  /**
   * Shows data.
   *
   * @param data The data.
   */
  show(data: CurveData): void {
    this.#data = data;
    this.#draw();
  }

  #draw(): void {
    const { width, height, em } = this.#size;
    if (width === 0) return;
    const { line, dots } = this.#data;
    const { ticks, format } = this.#axisOf(this.#data);
    const [low, high] = [ticks[0]!, ticks.at(-1)!];
    const epochs = Math.max(1, Math.ceil((line.at(-1)?.[0] ?? 0) - 1e-9));
    const [left, right] = [MARGIN.left * em, width - MARGIN.right * em];
    const [top, bottom] = [MARGIN.top * em, height - MARGIN.bottom * em];
    const xOf = (epoch: number) => left + epoch / epochs * (right - left);
    const yOf = (value: number) =>
      bottom - (Math.min(high, Math.max(low, value)) - low) / (high - low) * (bottom - top);

    const parts: SVGElement[] = [];
    for (const tick of ticks) {
      const y = Math.round(yOf(tick)) + 0.5;
      parts.push(
        make("line", { class: "grid", x1: left, x2: right, y1: y, y2: y }),
        make("text", { x: left - 0.5 * em, y: y + 0.35 * em, "text-anchor": "end" }, format(tick)),
      );
    }
    const every = Math.ceil(epochs / MOST_EPOCHS);
    for (let epoch = 0; epoch <= epochs; epoch += every) {
      parts.push(
        make(
          "text",
          { x: xOf(epoch), y: height - 0.3 * em, "text-anchor": "middle" },
          String(epoch),
        ),
      );
    }
    const path = thin(line, xOf).map(([epoch, value]) =>
      `${xOf(epoch).toFixed(1)} ${yOf(value).toFixed(1)}`
    );
    if (path.length > 0) parts.push(make("path", { class: "while", d: `M${path.join("L")}` }));
    for (const [epoch, value] of dots) {
      parts.push(make("circle", { class: "tested", cx: xOf(epoch), cy: yOf(value), r: 0.32 * em }));
    }
    const svg = make("svg", {
      role: "img",
      viewBox: `0 0 ${width} ${height}`,
      "aria-label": this.#summary(format),
    });
    svg.append(...parts);
    this.#place.replaceChildren(svg);
  }

  /** The curve in words. */
  #summary(format: (value: number) => string): string {
    const { line, dots } = this.#data;
    if (line.length === 0) return `${this.#name}: nothing yet`;
    const [epoch, value] = line.at(-1)!;
    const tested = dots.length > 0 ? `, with test digits ${format(dots.at(-1)![1])}` : "";
    return `${this.#name} after ${epoch.toFixed(1)} epochs: ${format(value)}${tested}`;
  }
}

/** One point for every two pixels: the mean of those there. */
function thin(points: readonly CurvePoint[], xOf: (epoch: number) => number): CurvePoint[] {
  const cells = Map.groupBy(points, ([epoch]) => Math.floor(xOf(epoch) / 2));
  return [...cells.values()].map((cell) => {
    const meanOf = (at: 0 | 1) => cell.reduce((sum, point) => sum + point[at], 0) / cell.length;
    return [meanOf(0), meanOf(1)];
  });
}

function make(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text = "",
): SVGElement {
  const made = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}
