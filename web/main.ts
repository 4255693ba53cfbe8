/**
 * The page: what it shows, and what it asks of its worker.
 *
 * @module
 */
import { Curve } from "./curve.ts";
import { accuracyAxis, History, lossAxis } from "./history.ts";
import { pictureOf } from "./digit.ts";
import { findFailure, showFailure } from "./failure.ts";
import type { Answer, Digit, FailureCause, News, Order, Progress } from "./messages.ts";
import { Neurons } from "./neurons.ts";
import { Pad } from "./pad.ts";
import { greyImage } from "./pixels.ts";
import { reasonOf } from "./reason.ts";
import { readSettings, showSettings } from "./settings.ts";
import { Speaker } from "./speaker.ts";

/** Numbers and curves are shown so often. */
const NUMBERS_MILLISECONDS = 200;

const get = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;
const button = (id: string) => get<HTMLButtonElement>(id);
const form = get<HTMLFormElement>("settings");

const neurons = new Neurons(get("neurons"));
const accuracyCurve = new Curve(get("accuracy-curve"), "Accuracy in percent", accuracyAxis);
const lossCurve = new Curve(get("loss-curve"), "Loss", lossAxis);
const pad = new Pad(get<HTMLCanvasElement>("pad"), () => soon("digit", readPad));
const speaker = new Speaker(get("spoken"));
let history = new History();

let worker: Worker | undefined;
let isTraining = false;
/** The digit to be read. */
let digit: Digit | undefined;
/** What it is, where that is known. */
let label: number | undefined;
let lastId = 0;
/** Whether an answer is shown: one to what was there before stays until the next comes. */
let isAnswered = false;
/** When numbers and curves were shown last. */
let shown = 0;

const tell = (order: Order) => worker?.postMessage(order);

/** Things to do with the next frame, the latest of each name. */
const toDo = new Map<string, () => void>();

function soon(name: string, action: () => void): void {
  if (toDo.size === 0) {
    requestAnimationFrame(() => {
      const actions = [...toDo.values()];
      toDo.clear();
      for (const act of actions) act();
    });
  }
  toDo.set(name, action);
}

/** Opens the worker, or says why there can be none. */
function start(): void {
  const cause = findFailure();
  if (cause) return fail(cause);
  worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<News>) => listen(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail(isTraining ? "training" : "worker", event.message);
  });
  tell({ kind: "start", settings: readSettings(form) });
}

function fail(cause: FailureCause, detail = ""): void {
  worker?.terminate();
  worker = undefined;
  for (const id of ["train", "restart", "sample"]) button(id).disabled = true;
  // Where nothing was learned there is nothing to look at.
  get("main").hidden = cause !== "training";
  get("bar").hidden = true;
  showFailure(get("failure"), cause, detail);
}

function listen(news: News): void {
  switch (news.kind) {
    case "loading":
      get<HTMLProgressElement>("loading").value = news.share;
      break;
    case "opened":
      get("adapter").textContent = `Computes on ${news.adapter}` +
        (news.isSoftware ? ", in software: a graphics processor is many times as fast." : ".");
      break;
    case "started":
      beginAnew(news.weights);
      break;
    case "state":
      showState(news.isTraining, news.epochs);
      break;
    case "progress":
      history.add(news.progress);
      soon("progress", () => showProgress(news.progress));
      break;
    case "tested":
      history.addTest(news.epoch, news.accuracy);
      soon("tested", () => showTest(news.accuracy));
      break;
    case "sample":
      label = news.label;
      pad.show(news.pixels);
      read(news.pixels);
      break;
    case "answer":
      if (news.answer.id === digit?.id) soon("answer", () => showAnswer(news.answer));
      break;
    case "failure":
      fail(news.cause, news.message);
      break;
  }
}

function beginAnew(weights: Float32Array): void {
  history = new History();
  shown = 0;
  // What waits to be shown is of the network before.
  for (const name of ["progress", "tested", "answer"]) toDo.delete(name);
  get("loading").hidden = true;
  for (const id of ["train", "restart", "sample"]) button(id).disabled = false;
  for (const id of ["accuracy", "epoch", "digits", "rate"]) get(id).textContent = "–";
  neurons.showWeights(weights);
  showScale();
  showAnswer(undefined);
  accuracyCurve.show(history.accuracy);
  lossCurve.show(history.loss);
  // Under a new number, so that what other weights say of it isn't shown.
  if (digit) read(digit.pixels);
  else if (pad.isEmpty) tell({ kind: "sample" });
}

function showState(trains: boolean, epochs: number): void {
  isTraining = trains;
  history.rest();
  button("train").textContent = trains ? "Pause" : "Go on";
  const { tested } = history;
  const so = tested === undefined
    ? ""
    : `; after ${epochs} ${epochs === 1 ? "epoch" : "epochs"} ${
      percent(tested)
    } of test digits are read`;
  get("status").textContent = (trains ? "Training" : "Resting") + so;
}

function showProgress({ epoch, digits, weights }: Progress): void {
  neurons.showWeights(weights);
  // Nobody reads numbers and curves that fast.
  if (performance.now() - shown < NUMBERS_MILLISECONDS) return;
  shown = performance.now();
  showScale();
  accuracyCurve.show(history.accuracy);
  lossCurve.show(history.loss);
  get("epoch").textContent = String(epoch);
  get("digits").textContent = digits.toLocaleString("en");
  const { rate } = history;
  if (rate) get("rate").textContent = Number(rate.toPrecision(2)).toLocaleString("en");
}

function showTest(accuracy: number): void {
  get("accuracy").textContent = percent(accuracy);
  accuracyCurve.show(history.accuracy);
}

function showScale(): void {
  const size = neurons.largestWeight.toFixed(2);
  get("least").textContent = `−${size}`;
  get("largest").textContent = `+${size}`;
}

/** Has what is on the pad read. */
function readPad(): void {
  label = undefined;
  read(pictureOf(pad.strokes));
}

function read(pixels: Uint8Array<ArrayBuffer> | undefined): void {
  get("pad-hint").hidden = !pad.isEmpty;
  greyImage(pixels, get<HTMLCanvasElement>("seen"));
  digit = pixels && { id: ++lastId, pixels };
  tell({ kind: "read", digit });
  if (!digit || !isAnswered) showAnswer(undefined);
}

function showAnswer(answer: Answer | undefined): void {
  if (answer && answer.id !== digit?.id) return;
  isAnswered = answer !== undefined;
  neurons.showAnswer(answer);
  const most = answer?.counts[answer.digit] ?? 0;
  get("answer").textContent = !answer ? "–" : most === 0 ? "?" : String(answer.digit);
  const text = answer ? reasonOf(answer, label) : digit ? "being read" : "no digit yet";
  get("reason").textContent = text;
  if (answer) {
    const timeSteps = answer.spikes.length / answer.counts.length;
    get("half-step").textContent = String(timeSteps / 2);
    get("last-step").textContent = String(timeSteps);
  }
  speaker.say(answer?.id, answer ? `${most === 0 ? "No answer" : answer.digit}: ${text}` : "");
}

const percent = (share: number) => `${(100 * share).toFixed(1)}\u00a0%`;

button("train").addEventListener("click", () => tell({ kind: isTraining ? "pause" : "resume" }));
button("restart").addEventListener("click", restart);
button("sample").addEventListener("click", () => tell({ kind: "sample" }));
button("clear").addEventListener("click", () => pad.clear());
form.addEventListener("input", () => showSettings(form));
form.addEventListener("change", restart);
form.addEventListener("submit", (event) => event.preventDefault());

function restart(): void {
  showSettings(form);
  if (form.checkValidity()) tell({ kind: "start", settings: readSettings(form) });
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  pad.draw();
  neurons.draw();
});

showSettings(form);
start();
