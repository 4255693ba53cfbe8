/**
 * A page: what all pages show, and what they ask of their workers.
 *
 * @module
 */
import { Curve } from "./curve.ts";
import { accuracyAxis, History, lossAxis } from "./history.ts";
import { pictureOf } from "./digit.ts";
import { findFailure, showFailure } from "./failure.ts";
import type { Answer, Digit, FailureCause, News, Order, Progress, Work } from "./messages.ts";
import { Pad } from "./pad.ts";
import { greyImage } from "./pixels.ts";
import { reasonOf } from "./reason.ts";
import { Speaker } from "./speaker.ts";

/** What shows a network; `S` is what a visitor may choose. */
export interface View<S> {
  /** How large the weights are that have the full colour. */
  readonly fullWeight: number;
  /**
   * Makes ready for a new network.
   *
   * @param settings What it was made of.
   */
  begin(settings: S): void;
  /**
   * Shows weights.
   *
   * @param weights Those of the network's plan.
   */
  showWeights(weights: Float32Array): void;
  /**
   * Shows what the network did with a digit.
   *
   * @param answer What it did; nothing if there is no digit.
   * @param pixels The digit.
   */
  showAnswer(answer: Answer | undefined, pixels: Uint8Array | undefined): void;
  /**
   * Shows what the network has to do for a digit.
   *
   * @param work What it had to do in a test.
   */
  showWork?(work: Work): void;
  /** Shows all in the colours that the page has now. */
  draw(): void;
}

/** What is a page's own. */
export interface PageParts<S> {
  /** The script of its worker. */
  readonly worker: URL;
  /** What shows its network. */
  readonly view: View<S>;
  /** Reads what the visitor chose. */
  readonly readSettings: (form: HTMLFormElement) => S;
}

/** Numbers and curves are shown so often. */
const NUMBERS_MILLISECONDS = 200;

const get = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;
const button = (id: string) => get<HTMLButtonElement>(id);
const percent = (share: number) => `${(100 * share).toFixed(1)}\u00a0%`;

/** Things to do with the next frame, the latest of each name. */
class NextFrame {
  readonly #actions = new Map<string, () => void>();

  /** Has something done with the next frame, instead of what is to be done under that name. */
  set(name: string, action: () => void): void {
    if (this.#actions.size === 0) {
      requestAnimationFrame(() => {
        const actions = [...this.#actions.values()];
        this.#actions.clear();
        for (const act of actions) act();
      });
    }
    this.#actions.set(name, action);
  }

  /** Forgets what is to be done under names. */
  forget(names: readonly string[]): void {
    for (const name of names) this.#actions.delete(name);
  }
}

class Page<S> {
  readonly #parts: PageParts<S>;
  readonly #view: View<S>;
  readonly #form = get<HTMLFormElement>("settings");
  readonly #accuracyCurve = new Curve(get("accuracy-curve"), "Accuracy in percent", accuracyAxis);
  readonly #lossCurve = new Curve(get("loss-curve"), "Loss", lossAxis);
  readonly #pad: Pad;
  readonly #speaker = new Speaker(get("spoken"));
  readonly #next = new NextFrame();
  #history = new History();

  #worker: Worker | undefined;
  #isTraining = false;
  /** The digit to be read. */
  #digit: Digit | undefined;
  /** What it is, where that is known. */
  #label: number | undefined;
  #lastId = 0;
  /** Whether an answer is shown: one to what was there before stays until the next comes. */
  #isAnswered = false;
  /** When numbers and curves were shown last. */
  #shown = 0;

  constructor(parts: PageParts<S>) {
    this.#parts = parts;
    this.#view = parts.view;
    this.#pad = new Pad(
      get<HTMLCanvasElement>("pad"),
      () => this.#next.set("digit", () => this.#readPad()),
    );
    const onClick = (id: string, action: () => void) =>
      button(id).addEventListener("click", action);
    onClick("train", () => this.#tell({ kind: this.#isTraining ? "pause" : "resume" }));
    onClick("restart", () => this.#restart());
    onClick("sample", () => this.#tell({ kind: "sample" }));
    onClick("clear", () => this.#pad.clear());
    this.#form.addEventListener("change", () => this.#restart());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#pad.draw();
      this.#view.draw();
    });
  }

  /** Opens the worker, or says why there can be none. */
  start(): void {
    const cause = findFailure();
    if (cause) return this.#fail(cause);
    this.#worker = new Worker(this.#parts.worker, { type: "module" });
    this.#worker.addEventListener(
      "message",
      ({ data }: MessageEvent<News<S>>) => this.#listen(data),
    );
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(this.#isTraining ? "training" : "worker", event.message);
    });
    this.#begin();
  }

  #restart(): void {
    if (this.#form.checkValidity()) this.#begin();
  }

  #begin(): void {
    this.#tell({ kind: "start", settings: this.#parts.readSettings(this.#form) });
  }

  #tell(order: Order<S>): void {
    this.#worker?.postMessage(order);
  }

  #fail(cause: FailureCause, detail = ""): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const id of ["train", "restart", "sample"]) button(id).disabled = true;
    // Where nothing was learned there is nothing to look at.
    get("main").hidden = cause !== "training";
    get("bar").hidden = true;
    showFailure(get("failure"), cause, detail);
  }

  #listen(news: News<S>): void {
    switch (news.kind) {
      case "loading":
        get<HTMLProgressElement>("loading").value = news.share;
        break;
      case "opened":
        get("adapter").textContent = `Computes on ${news.adapter}` +
          (news.isSoftware ? ", in software: a graphics processor is many times as fast." : ".");
        break;
      case "started":
        this.#beginAnew(news.settings, news.weights);
        break;
      case "state":
        this.#showState(news.isTraining, news.epochs);
        break;
      case "progress":
        this.#history.add(news.progress);
        this.#next.set("progress", () => this.#showProgress(news.progress));
        break;
      case "tested":
        this.#history.addTest(news.epoch, news.accuracy);
        this.#next.set("tested", () => this.#showTest(news));
        break;
      case "sample":
        this.#label = news.label;
        this.#pad.show(news.pixels);
        this.#read(news.pixels);
        break;
      case "answer":
        if (news.answer.id === this.#digit?.id) {
          this.#next.set("answer", () => this.#showAnswer(news.answer));
        }
        break;
      case "failure":
        this.#fail(news.cause, news.message);
        break;
    }
  }

  #beginAnew(settings: S, weights: Float32Array): void {
    this.#history = new History();
    this.#shown = 0;
    // What waits to be shown is of the network before.
    this.#next.forget(["progress", "tested", "answer"]);
    get("loading").hidden = true;
    for (const id of ["train", "restart", "sample"]) button(id).disabled = false;
    for (const id of ["accuracy", "epoch", "digits", "rate"]) get(id).textContent = "–";
    this.#view.begin(settings);
    this.#view.showWeights(weights);
    this.#showScale();
    this.#showAnswer(undefined);
    this.#accuracyCurve.show(this.#history.accuracy);
    this.#lossCurve.show(this.#history.loss);
    // Under a new number, so that what other weights say of it isn't shown.
    if (this.#digit) this.#read(this.#digit.pixels);
    else if (this.#pad.isEmpty) this.#tell({ kind: "sample" });
  }

  #showState(trains: boolean, epochs: number): void {
    this.#isTraining = trains;
    this.#history.rest();
    button("train").textContent = trains ? "Pause" : "Go on";
    const { tested } = this.#history;
    const so = tested === undefined
      ? ""
      : `; after ${epochs} ${epochs === 1 ? "epoch" : "epochs"} ${
        percent(tested)
      } of test digits are read`;
    get("status").textContent = (trains ? "Training" : "Resting") + so;
  }

  #showProgress({ epoch, digits, weights }: Progress): void {
    this.#view.showWeights(weights);
    // Nobody reads numbers and curves that fast.
    if (performance.now() - this.#shown < NUMBERS_MILLISECONDS) return;
    this.#shown = performance.now();
    this.#showScale();
    this.#accuracyCurve.show(this.#history.accuracy);
    this.#lossCurve.show(this.#history.loss);
    get("epoch").textContent = String(epoch);
    get("digits").textContent = digits.toLocaleString("en");
    const { rate } = this.#history;
    if (rate) get("rate").textContent = Number(rate.toPrecision(2)).toLocaleString("en");
  }

  #showTest({ accuracy, work }: { readonly accuracy: number; readonly work?: Work }): void {
    get("accuracy").textContent = percent(accuracy);
    this.#accuracyCurve.show(this.#history.accuracy);
    if (work) this.#view.showWork?.(work);
  }

  #showScale(): void {
    const size = this.#view.fullWeight.toFixed(2);
    get("least").textContent = `−${size}`;
    get("largest").textContent = `+${size}`;
  }

  /** Has what is on the pad read. */
  #readPad(): void {
    this.#label = undefined;
    this.#read(pictureOf(this.#pad.strokes));
  }

  #read(pixels: Uint8Array<ArrayBuffer> | undefined): void {
    get("pad-hint").hidden = !this.#pad.isEmpty;
    greyImage(pixels, get<HTMLCanvasElement>("seen"));
    this.#digit = pixels && { id: ++this.#lastId, pixels };
    this.#tell({ kind: "read", digit: this.#digit });
    if (!this.#digit || !this.#isAnswered) this.#showAnswer(undefined);
  }

  #showAnswer(answer: Answer | undefined): void {
    if (answer && answer.id !== this.#digit?.id) return;
    this.#isAnswered = answer !== undefined;
    this.#view.showAnswer(answer, this.#digit?.pixels);
    const most = answer?.counts[answer.digit] ?? 0;
    get("answer").textContent = !answer ? "–" : most === 0 ? "?" : String(answer.digit);
    const text = answer
      ? reasonOf(answer, this.#label)
      : this.#digit
      ? "being read"
      : "no digit yet";
    get("reason").textContent = text;
    if (answer) {
      const timeSteps = answer.spikes.length / answer.counts.length;
      get("half-step").textContent = String(timeSteps / 2);
      get("last-step").textContent = String(timeSteps);
    }
    this.#speaker.say(
      answer?.id,
      answer ? `${most === 0 ? "No answer" : answer.digit}: ${text}` : "",
    );
  }
}

/**
 * Opens a page: its training begins.
 *
 * @param parts What is its own.
 */
export function openPage<S>(parts: PageParts<S>): void {
  new Page(parts).start();
}
