import { type Answer, CLASSES } from "./messages.ts";
import { drawTrace } from "./trace.ts";

/** What the page has of a neuron. */
interface Row {
  readonly item: HTMLElement;
  readonly trace: HTMLCanvasElement;
  readonly count: HTMLElement;
}

/** The ten neurons that name digits, and what they did with one. */
export class Outputs {
  readonly #rows: readonly Row[];
  #answer: Answer | undefined;

  /**
   * @param list The list that gets a row for each neuron.
   * @param pictures What a row shows beside its digit, if anything.
   */
  constructor(list: HTMLElement, pictures: readonly HTMLElement[] = []) {
    this.#rows = Array.from({ length: CLASSES }, (_, digit) => makeRow(digit, pictures[digit]));
    list.append(...this.#rows.map(({ item }) => item));
    new ResizeObserver(() => this.draw()).observe(list);
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
    this.draw();
  }

  /** Shows it in the colours, and as large, as the page has it now. */
  draw(): void {
    for (const [neuron, { trace }] of this.#rows.entries()) drawTrace(trace, neuron, this.#answer);
  }
}

function makeRow(digit: number, picture: HTMLElement | undefined): Row {
  const make = <K extends keyof HTMLElementTagNameMap>(name: K, className: string) => {
    const made = document.createElement(name);
    made.className = className;
    return made;
  };
  const item = make("li", "neuron");
  const name = make("span", "digit");
  name.textContent = String(digit);
  const trace = make("canvas", "trace");
  trace.role = "img";
  trace.setAttribute("aria-label", "no digit yet");
  const count = make("span", "count");
  item.append(name, ...picture ? [picture] : [], trace, count);
  return { item, trace, count };
}
