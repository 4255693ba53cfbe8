import {
  Dataset,
  DirectEncoder,
  EventEncoder,
  type Gpu,
  type GpuOptions,
  LifNode,
  Linear,
  Model,
  type ModelOptions,
  PoissonEncoder,
  Sequential,
} from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import { randomPictures } from "./training.ts";

/** Numbers of a sample. */
export const SIZE = 12;
/** T. */
export const STEPS = 9;
/** Classes of the samples. */
export const CLASSES = 3;

/** Samples of a kind, and what encodes them. */
export interface SampleKind {
  readonly encoder: ModelOptions["encoder"];
  /** Makes so many samples, whose classes are 0, 1, 2, 0 and so on. */
  readonly data: (count: number, seed: number) => Dataset;
}

const bytes: SampleKind["data"] = (count, seed) =>
  randomPictures({ count, shape: [SIZE], classes: CLASSES, seed });

const labelsOf = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % CLASSES);

/** Events of a sample. */
const EVENTS = 20;

/** Samples of each kind. */
export const KINDS: Readonly<Record<string, SampleKind>> = {
  "bytes as spikes": { encoder: new PoissonEncoder(), data: bytes },
  "bytes as they are": { encoder: new DirectEncoder(), data: bytes },
  "floats": {
    encoder: new DirectEncoder(),
    data(count, seed) {
      const random = new Random(seed);
      const data = Float32Array.from({ length: count * SIZE }, () => random.uniform(0, 2));
      const labels = labelsOf(count);
      return new Dataset({ shape: [SIZE], content: { kind: "floats", data }, labels, classes: 3 });
    },
  },
  "floats over time": {
    encoder: new DirectEncoder(),
    data(count, seed) {
      const random = new Random(seed);
      const length = count * STEPS * SIZE;
      const data = Float32Array.from({ length }, () => random.uniform(0, 2));
      return new Dataset({
        shape: [SIZE],
        content: { kind: "floats", data, timeSteps: STEPS },
        labels: labelsOf(count),
        classes: CLASSES,
      });
    },
  },
  "events": {
    encoder: new EventEncoder({ stepDuration: 10 }),
    data(count, seed) {
      const random = new Random(seed);
      const length = count * EVENTS;
      return new Dataset({
        shape: [SIZE],
        content: {
          kind: "events",
          offsets: Uint32Array.from({ length: count + 1 }, (_, i) => i * EVENTS),
          places: Uint32Array.from({ length }, () => random.below(SIZE)),
          times: Float64Array.from({ length }, () => random.uniform(0, 100)),
        },
        labels: labelsOf(count),
        classes: CLASSES,
      });
    },
  },
};

/** Both presets: that of GPUs keeps samples on the device. */
export const PRESETS: Readonly<Record<string, GpuOptions>> = {
  software: {},
  gpu: { preset: "gpu" },
};

/** What a model of {@linkcode firingNetwork} is compiled with. */
export const firingOptions = (encoder: ModelOptions["encoder"]) => ({
  input: [SIZE],
  encoder,
  timeSteps: STEPS,
  batchSize: 4,
});

/** A network whose neurons fire from the start. */
export const firingNetwork = () =>
  new Sequential([
    new Linear(SIZE, 7),
    new LifNode({ vThreshold: 0.3 }),
    new Linear(7, CLASSES),
    new LifNode({ vThreshold: 0.2 }),
  ]);

/** A model of that network. */
export function firingModel(gpu: Gpu, encoder: ModelOptions["encoder"]): Promise<Model> {
  return Model.compile(gpu, firingNetwork(), firingOptions(encoder));
}
