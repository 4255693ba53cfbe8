import {
  Dataset,
  decodeCheckpoint,
  encodeCheckpoint,
  type EpochReport,
  type Gpu,
  Model,
  type ModelOptions,
  Trainer,
  type TrainerOptions,
  type TrainerState,
} from "../../mod.ts";
import { type Layer, Random } from "../../src/extend.ts";

/** What a model and its trainer are made with. */
export type TrainingOptions = ModelOptions & TrainerOptions;

/** A model and its trainer, which end together. */
export interface Training extends Disposable {
  readonly model: Model;
  readonly trainer: Trainer;
}

/** Compiles a model, and makes a trainer of it. */
export async function startTraining(
  gpu: Gpu,
  network: Layer,
  options: TrainingOptions,
): Promise<Training> {
  const model = await Model.compile(gpu, network, options);
  const trainer = new Trainer(model, options);
  return {
    model,
    trainer,
    [Symbol.dispose]() {
      trainer.dispose();
      model.dispose();
    },
  };
}

/** Random pictures; the class of picture i is i modulo the number of classes. */
export function randomPictures(
  { count, shape, classes, seed }: {
    count: number;
    shape: readonly number[];
    classes: number;
    seed: number;
  },
): Dataset {
  const random = new Random(seed);
  const size = shape.reduce((product, own) => product * own, 1);
  return new Dataset({
    shape,
    content: {
      kind: "bytes",
      data: Uint8Array.from({ length: count * size }, () => Math.floor(random.uniform(0, 256))),
    },
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
    classes,
  });
}

/** The last report of a training. */
export async function last<Report>(reports: AsyncIterable<Report>): Promise<Report> {
  let report: Report | undefined;
  for await (report of reports);
  return report!;
}

/** All reports of a training. */
export async function all<Report>(reports: AsyncIterable<Report>): Promise<Report[]> {
  const list: Report[] = [];
  for await (const report of reports) list.push(report);
  return list;
}

/** A report without what differs from run to run. */
export function timeless(
  { seconds: _, imagesPerSecond: __, ...rest }: EpochReport,
): Omit<EpochReport, "seconds" | "imagesPerSecond"> {
  return rest;
}

/** The state as a checkpoint gives it back: what a file doesn't keep is lost. */
export function throughFile(state: TrainerState): TrainerState {
  return decodeCheckpoint(encodeCheckpoint({ state, options: {} })).state;
}

/** The numbers of tensors by their names. */
export function numbersOf(tensors: TrainerState["parameters"]): Record<string, number[]> {
  return Object.fromEntries(
    [...tensors].map(([name, { data }]) => [name, Array.from(data, Number)]),
  );
}
