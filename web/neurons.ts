import { type Answer, CLASSES, PIXELS } from "./messages.ts";
import { type Colour, weightImage } from "./pixels.ts";
import { drawTrace } from "./trace.ts";

/** What the page has of a neuron. */
interface Row {
  readonly item: HTMLElement;
  readonly weights: HTMLCanvasElement;
  readonly trace: HTMLCanvasElement;
  readonly count: HTMLElement;
}

/** The ten neurons: their weights, and what they did with a digit. */
export class Neurons {
  readonly #rows: readonly Row[];
  #colours: readonly [Colour, Colour, Colour] | undefined;
  #weights: Float32Array | undefined;
  #answer: Answer | undefined;

  /** @param list The list that gets a row for each neuron. */
  constructor(list: HTMLElement) {
    this.#rows = Array.from({ length: CLASSES }, (_, digit) => makeRow(digit));
    list.append(...this.#rows.map(({ item }) => item));
    new ResizeObserver(() => this.#showTraces()).observe(list);
  }

  /** How large the weights are that have the full colour. */
  get largestWeight(): number {
    const sizes = (this.#weights ?? new Float32Array(1)).map(Math.abs).sort();
    // A few corners may be much larger than the rest.
    return Math.max(1e-6, sizes[Math.floor(0.995 * (sizes.length - 1))]!);
  }

  /** Shows all in the colours that the page has now. */
  draw(): void {
    this.#colours = undefined;
    if (this.#weights) this.showWeights(this.#weights);
    this.#showTraces();
  }

  /**
   * Shows weights.
   *
   * @param weights Those of each neuron, `[10][784]`.
   */
  showWeights(weights: Float32Array): void {
    this.#weights = weights;
    const largest = this.largestWeight;
    const colours = this.#colours ??= coloursOfWeights();
    for (const [neuron, row] of this.#rows.entries()) {
      const own = weights.subarray(neuron * PIXELS, (neuron + 1) * PIXELS);
      weightImage(own, largest, colours, row.weights);
    }
  }

  /**
   * Shows what the neurons did.
   *
   * @param answer What they did; nothing if there is no digit.
   */
  showAnswer(answer: Answer | undefined): void {
    this.#answer = answer;
    for (const [neuron, { item, trace, count }] of this.#rows.entries()) {
      const spikes = answer?.counts[neuron];
      const isWinner = !!answer && neuron === answer.digit && spikes! > 0;
      item.classList.toggle("winner", isWinner);
      count.textContent = spikes === undefined ? "" : String(spikes);
      trace.setAttribute(
        "aria-label",
        spikes === undefined
          ? "no digit yet"
          : `potential over time, ${spikes} ${spikes === 1 ? "spike" : "spikes"}`,
      );
    }
    this.#showTraces();
  }

  #showTraces(): void {
    for (const [neuron, { trace }] of this.#rows.entries()) drawTrace(trace, neuron, this.#answer);
  }
}

function makeRow(digit: number): Row {
  const make = <K extends keyof HTMLElementTagNameMap>(name: K, className: string) => {
    const made = document.createElement(name);
    made.className = className;
    return made;
  };
  const picture = (className: string, label: string) => {
    const canvas = make("canvas", className);
    canvas.role = "img";
    canvas.setAttribute("aria-label", label);
    return canvas;
  };
  const item = make("li", "neuron");
  const name = make("span", "digit");
  name.textContent = String(digit);
  const weights = picture("weights", `weights of the neuron for ${digit}`);
  const trace = picture("trace", "no digit yet");
  const count = make("span", "count");
  item.append(name, weights, trace, count);
  return { item, weights, trace, count };
}

/** The colours of weights that inhibit, of none, and of weights that excite. */
function coloursOfWeights(): [Colour, Colour, Colour] {
  const style = getComputedStyle(document.documentElement);
  return [
    colourOf(style, "--inhibits"),
    colourOf(style, "--zero"),
    colourOf(style, "--excites"),
  ];
}

/** The colour of a property that is registered as one: the browser writes `rgb(red, green, blue)`. */
function colourOf(style: CSSStyleDeclaration, property: string): Colour {
  const [red = 0, green = 0, blue = 0] =
    style.getPropertyValue(property).match(/[\d.]+/g)?.map(Number) ?? [];
  return [red, green, blue];
}
