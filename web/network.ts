import {
  Adam,
  type Dataset,
  type energyOf,
  type Gpu,
  imageDataset,
  Model,
  rateMse,
  type Sequential,
  Trainer,
} from "@galvani/snn";
import type { Encoder } from "@galvani/snn/extend";
import { type Answer, CLASSES, type Digit, SIDE, type Work } from "./messages.ts";

/** Digits of a training step. */
export const BATCH = 128;

/** A network, and how it is trained and shown. */
export interface Plan {
  /** Its layers: the last ones are ten neurons that fire. */
  readonly layers: Sequential;
  /** How digits become signals. */
  readonly encoder: Encoder;
  /** T, the time steps that a digit is shown for. */
  readonly timeSteps: number;
  /** What all random numbers follow from. */
  readonly seed: number;
  /** Step size of the optimizer, Adam. */
  readonly learningRate: number;
  /** The parameter that is shown, such as "layer.1.weight". */
  readonly weights: string;
  /** The layers whose spikes are shown besides, such as "layer.2". */
  readonly hidden: readonly string[];
  /** Training steps from one picture of the weights to the next. */
  readonly stepsAPicture: number;
  /** Says what a test takes, where the page shows that. */
  readonly energyOf?: typeof energyOf;
}

/** A network: what it has learned, and its trainer. */
export class Network {
  /** What it has learned. */
  readonly model: Model;
  /** What trains it. */
  readonly trainer: Trainer;
  readonly #plan: Plan;

  private constructor(model: Model, plan: Plan) {
    this.model = model;
    this.#plan = plan;
    const { learningRate, seed } = plan;
    this.trainer = new Trainer(model, {
      loss: rateMse(),
      optimizer: new Adam({ learningRate }),
      batchSize: BATCH,
      seed,
    });
  }

  /**
   * Makes a network of random weights.
   *
   * @param gpu Where it runs.
   * @param plan What it is.
   * @returns The network.
   */
  static async compile(gpu: Gpu, plan: Plan): Promise<Network> {
    const { layers, encoder, timeSteps, seed } = plan;
    const input = [1, SIDE, SIDE];
    const options = { input, encoder, timeSteps, batchSize: BATCH, seed };
    return new Network(await Model.compile(gpu, layers, options), plan);
  }

  /** The weights that are shown, as they are now. */
  async weights(): Promise<Float32Array<ArrayBuffer>> {
    const parameters = await this.model.parameters();
    return Float32Array.from(parameters.get(this.#plan.weights)!.data as Float32Array);
  }

  /**
   * Tests the network.
   *
   * @param data The test digits.
   * @returns How many it reads, 0 to 1, and what that takes, if its plan can say so.
   */
  async test(data: Dataset): Promise<{ readonly accuracy: number; readonly work?: Work }> {
    const { energyOf } = this.#plan;
    const { accuracy, counts } = await this.model.evaluate(data, { count: !!energyOf });
    return { accuracy, ...counts && energyOf && { work: { counts, energy: energyOf(counts) } } };
  }

  /**
   * Shows the network a digit for T time steps.
   *
   * @param digit The digit.
   * @returns What its neurons did.
   */
  async read({ id, pixels }: Digit): Promise<Answer> {
    const picture = imageDataset(pixels, { shape: [1, SIDE, SIDE] });
    const { answer, layers } = await this.model.record(picture);
    const { spikes, traces } = layers.at(-1)!;
    const counts = new Array<number>(CLASSES).fill(0);
    spikes!.forEach((spike, i) => counts[i % CLASSES]! += spike);
    const potentials = traces["v"] as Float32Array<ArrayBuffer>;
    const hidden = this.#plan.hidden.map((path) => {
      const { shape, spikes } = layers.find(({ layer }) => layer === path)!;
      return { shape, spikes: spikes! };
    });
    return { id, digit: answer, counts, spikes: spikes!, potentials, hidden };
  }

  /** Frees what it holds of the device. */
  dispose(): void {
    this.trainer.dispose();
    this.model.dispose();
  }
}
