import {
  Adam,
  Flatten,
  type Gpu,
  imageDataset,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
} from "@galvani/snn";
import { type Answer, CLASSES, type Digit, PIXELS, type Settings, SIDE } from "./messages.ts";

/** Digits of a training step. */
export const BATCH = 128;

/** The ten neurons: what they have learned, and their trainer. */
export class Network {
  /** What they have learned. */
  readonly model: Model;
  /** What trains them. */
  readonly trainer: Trainer;

  private constructor(model: Model, seed: number) {
    this.model = model;
    this.trainer = new Trainer(model, {
      loss: rateMse(),
      optimizer: new Adam({ learningRate: 1e-3 }),
      batchSize: BATCH,
      seed,
    });
  }

  /**
   * Makes neurons of random weights.
   *
   * @param gpu Where they run.
   * @param settings Their seed, T and tau.
   * @returns The neurons.
   */
  static async compile(gpu: Gpu, { seed, timeSteps, tau }: Settings): Promise<Network> {
    const layers = new Sequential([
      new Flatten(),
      new Linear(PIXELS, CLASSES, { bias: false }),
      new LifNode({ tau }),
    ]);
    const encoder = new PoissonEncoder();
    const input = [1, SIDE, SIDE];
    const options = { input, encoder, timeSteps, batchSize: BATCH, seed };
    return new Network(await Model.compile(gpu, layers, options), seed);
  }

  /** The weights as they are now, `[10][784]`. */
  async weights(): Promise<Float32Array<ArrayBuffer>> {
    const parameters = await this.model.parameters();
    return Float32Array.from(parameters.get("layer.1.weight")!.data as Float32Array);
  }

  /**
   * Shows the neurons a digit for T time steps.
   *
   * @param digit The digit.
   * @returns What they did.
   */
  async read({ id, pixels }: Digit): Promise<Answer> {
    const picture = imageDataset(pixels, { shape: [1, SIDE, SIDE] });
    const { answer, layers } = await this.model.record(picture);
    const { spikes, traces } = layers.at(-1)!;
    const counts = new Array<number>(CLASSES).fill(0);
    spikes!.forEach((spike, i) => counts[i % CLASSES]! += spike);
    const potentials = traces["v"] as Float32Array<ArrayBuffer>;
    return { id, digit: answer, counts, spikes: spikes!, potentials };
  }

  /** Frees what they hold of the device. */
  dispose(): void {
    this.trainer.dispose();
    this.model.dispose();
  }
}
