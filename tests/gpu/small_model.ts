import {
  Flatten,
  type Gpu,
  imageDataset,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  Sequential,
} from "../../mod.ts";

/** Sixteen pictures of four pixels, of two classes. */
export const DATASET = imageDataset(new Uint8Array(64).fill(200), {
  shape: [1, 2, 2],
  labels: Uint8Array.from({ length: 16 }, (_, i) => i % 2),
  classes: 2,
});

/** A model that fits them, two a batch. */
export function makeModel(gpu: Gpu): Promise<Model> {
  const network = new Sequential([new Flatten(), new Linear(4, 2), new LifNode()]);
  return Model.compile(gpu, network, {
    input: DATASET.shape,
    encoder: new PoissonEncoder(),
    timeSteps: 4,
    batchSize: 2,
  });
}
