import { type Collective, type Gpu, localCollectives } from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { startTraining, type Training, type TrainingOptions } from "./training.ts";

/** Trainings that are one: as many trainers, each with a model of its own. */
export async function startTogether(
  gpu: Gpu,
  network: () => Layer,
  options: TrainingOptions,
  collectives: readonly Collective[] | number,
): Promise<Disposable & { readonly trainings: readonly Training[] }> {
  const list = typeof collectives === "number" ? localCollectives(collectives) : collectives;
  const trainings: Training[] = [];
  for (const exchange of list) {
    trainings.push(await startTraining(gpu, network(), { ...options, exchange }));
  }
  return {
    trainings,
    [Symbol.dispose]() {
      for (const training of trainings) training[Symbol.dispose]();
    },
  };
}

/** Does the same with all trainings at the same time. */
export function atOnce<T>(
  trainings: readonly Training[],
  work: (training: Training, rank: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(trainings.map(work));
}
