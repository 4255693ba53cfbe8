import type { Answer, LayerAnswer, Work } from "../messages.ts";
import { drawPictures, fullSize, type Grid, type Scale, scaleOfPage } from "../number_pictures.ts";
import { Outputs } from "../outputs.ts";
import type { View } from "../page.ts";
import { greyImage } from "../pixels.ts";
import { NETWORKS, type Settings, type ShownNetwork } from "./networks.ts";
import { drawRaster } from "./raster.ts";
import { showWork } from "./work.ts";

/** A pixel of a picture is so wide at most, in rems. */
const PIXEL_REMS = 0.55;

/** Where a network is shown. */
export interface Places {
  /** What it does. */
  readonly about: HTMLElement;
  /** How it is written. */
  readonly notation: HTMLElement;
  /** Its weights, and the layers before the last. */
  readonly layers: HTMLElement;
  /** The list of its last neurons. */
  readonly neurons: HTMLElement;
  /** What a digit takes. */
  readonly work: HTMLElement;
}

/** A canvas with a title above it. */
interface Figure {
  readonly element: HTMLElement;
  readonly title: string;
  readonly caption: HTMLElement;
  readonly canvas: HTMLCanvasElement;
}

/** A network of several layers: its first weights, and what each layer did with a digit. */
export class LayersView implements View<Settings> {
  readonly #places: Places;
  readonly #outputs: Outputs;
  #network: ShownNetwork = NETWORKS.columns;
  #figures: { weights: Figure; sequence?: Figure; hidden: readonly Figure[] } | undefined;
  #scale: Scale | undefined;
  #weights: Float32Array | undefined;
  #answer: Answer | undefined;

  /** @param places Where it is shown. */
  constructor(places: Places) {
    this.#places = places;
    this.#outputs = new Outputs(places.neurons);
    new ResizeObserver(() => this.#drawHidden()).observe(places.layers);
  }

  get fullWeight(): number {
    return fullSize(this.#weights ?? new Float32Array());
  }

  begin({ network }: Settings): void {
    const { about, notation, layers, work } = this.#places;
    this.#network = NETWORKS[network];
    const { weights, hidden, isSequence } = this.#network;
    about.textContent = this.#network.about;
    notation.textContent = this.#network.notation;
    showWork(work, undefined, isSequence);
    this.#figures = {
      weights: makeFigure(weights.title),
      ...isSequence ? { sequence: makeFigure("The digit, a column at each time step") } : {},
      hidden: hidden.map(({ title }) => makeFigure(title)),
    };
    const { sequence } = this.#figures;
    if (sequence) sequence.canvas.className = "sequence";
    const figures = [this.#figures.weights, ...sequence ? [sequence] : [], ...this.#figures.hidden];
    layers.replaceChildren(...figures.map(({ element }) => element));
  }

  showWeights(weights: Float32Array): void {
    this.#weights = weights;
    if (!this.#figures) return;
    showPictures(
      this.#figures.weights.canvas,
      weights,
      this.#network.weights,
      this.fullWeight,
      this.#scale ??= scaleOfPage(),
    );
  }

  showAnswer(answer: Answer | undefined, pixels: Uint8Array | undefined): void {
    this.#answer = answer;
    this.#outputs.showAnswer(answer);
    const { sequence, hidden } = this.#figures ?? { hidden: [] };
    if (sequence) greyImage(pixels, sequence.canvas);
    for (const [at, { title, caption, canvas }] of hidden.entries()) {
      const layer = answer?.hidden[at];
      const text = layer ? `${title}: ${inWords(layer)}` : title;
      caption.textContent = text;
      canvas.setAttribute("aria-label", text);
    }
    this.#drawHidden();
  }

  showWork(work: Work): void {
    showWork(this.#places.work, work, this.#network.isSequence);
  }

  draw(): void {
    this.#scale = undefined;
    if (this.#weights) this.showWeights(this.#weights);
    this.#drawHidden();
    this.#outputs.draw();
  }

  #drawHidden(): void {
    for (const [at, { canvas }] of this.#figures?.hidden.entries() ?? []) {
      const layer = this.#answer?.hidden[at];
      if (layer) this.#drawLayer(canvas, layer);
      else canvas.getContext("2d")!.clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  #drawLayer(canvas: HTMLCanvasElement, { shape, spikes }: LayerAnswer): void {
    const [count, height, width] = shape;
    if (height === undefined || width === undefined) {
      canvas.className = "raster";
      return drawRaster(canvas, spikes, count!);
    }
    const size = count! * height * width;
    const rates = new Float32Array(size);
    for (const [i, spike] of spikes.entries()) rates[i % size]! += spike / (spikes.length / size);
    showPictures(canvas, rates, { height, width }, 1, this.#scale ??= scaleOfPage());
  }
}

function showPictures(
  canvas: HTMLCanvasElement,
  numbers: Float32Array,
  grid: Grid,
  full: number,
  scale: Scale,
): void {
  drawPictures(canvas, numbers, grid, full, scale);
  canvas.className = "pictures";
  canvas.style.width = `min(100%, ${PIXEL_REMS * canvas.width}rem)`;
}

function inWords({ shape, spikes }: LayerAnswer): string {
  const count = spikes.reduce((sum, spike) => sum + spike, 0);
  const timeSteps = spikes.length / shape.reduce((product, size) => product * size, 1);
  const rate = Number((count / spikes.length).toPrecision(2));
  return `${count.toLocaleString("en")} spikes in ${timeSteps} time steps, a rate of ${rate}`;
}

function makeFigure(title: string): Figure {
  const element = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = title;
  const canvas = document.createElement("canvas");
  canvas.role = "img";
  canvas.setAttribute("aria-label", title);
  element.append(caption, canvas);
  return { element, title, caption, canvas };
}
