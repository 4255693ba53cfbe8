import { type Answer, CLASSES, PIXELS, SIDE } from "../messages.ts";
import { drawPictures, fullSize, type Scale, scaleOfPage } from "../number_pictures.ts";
import { Outputs } from "../outputs.ts";
import type { View } from "../page.ts";
import type { Settings } from "./settings.ts";

/** The ten neurons: their weights, and what they did with a digit. */
export class NeuronsView implements View<Settings> {
  readonly #pictures: readonly HTMLCanvasElement[];
  readonly #outputs: Outputs;
  #scale: Scale | undefined;
  #weights: Float32Array | undefined;

  /** @param list The list that gets a row for each neuron. */
  constructor(list: HTMLElement) {
    this.#pictures = Array.from({ length: CLASSES }, (_, digit) => makePicture(digit));
    this.#outputs = new Outputs(list, this.#pictures);
  }

  get fullWeight(): number {
    return fullSize(this.#weights ?? new Float32Array());
  }

  begin(): void {}

  showWeights(weights: Float32Array): void {
    this.#weights = weights;
    const full = this.fullWeight;
    const scale = this.#scale ??= scaleOfPage();
    for (const [neuron, picture] of this.#pictures.entries()) {
      const own = weights.subarray(neuron * PIXELS, (neuron + 1) * PIXELS);
      drawPictures(picture, own, { height: SIDE, width: SIDE }, full, scale);
    }
  }

  showAnswer(answer: Answer | undefined): void {
    this.#outputs.showAnswer(answer);
  }

  draw(): void {
    this.#scale = undefined;
    if (this.#weights) this.showWeights(this.#weights);
    this.#outputs.draw();
  }
}

function makePicture(digit: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.className = "weights";
  canvas.role = "img";
  canvas.setAttribute("aria-label", `weights of the neuron for ${digit}`);
  return canvas;
}
