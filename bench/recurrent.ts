/** Recurrent networks that are timed, and made data of the size of what they are for. */

import {
  CubaLifNode,
  Dataset,
  eventDataset,
  type Gpu,
  IfNode,
  LifNode,
  Linear,
  Recurrent,
  Sequential,
} from "../mod.ts";
import { compileStep, type NetworkStep } from "../src/cli/bench/network_step.ts";
import { Random } from "../src/extend.ts";

/** Batches of the data. */
const BATCHES = 2;

/**
 * SpikingJelly's network with feedback for pictures whose columns come one after another, 28-32-10, T 28,
 * batch 256: `Linear(28, 32)`, a `LinearRecurrentContainer` of 32 neurons, `Linear(32, 10)`.
 *
 * @param gpu Where it will run.
 * @param recurrent Whether the hidden neurons hear each other.
 * @returns Its training step, on pictures as light as those of MNIST.
 */
export function compileFeedback(gpu: Gpu, recurrent = true): Promise<NetworkStep> {
  const [features, hidden, classes, batchSize] = [28, 32, 10, 256];
  const random = new Random(1);
  const count = BATCHES * batchSize;
  const data = Float32Array.from(
    { length: count * features * features },
    () => random.uniform(0, 1) < 0.19 ? random.uniform(0, 1) : 0,
  );
  const dataset = new Dataset({
    content: { kind: "floats", data, timeSteps: features },
    shape: [features],
    labels: labelsOf(random, count, classes),
    classes,
  });
  const neurons = () => new IfNode({ detachReset: true });
  const network = new Sequential([
    new Linear(features, hidden),
    new Linear(hidden, hidden),
    recurrent ? new Recurrent(neurons(), { bias: false }) : neurons(),
    new Linear(hidden, classes),
    neurons(),
  ]);
  return compileStep(
    gpu,
    network,
    { encoder: "direct", timeSteps: features, batchSize },
    dataset,
  );
}

/**
 * A network for spoken digits, 700-256-20, T 100, batch 64: current-based neurons that hear each other.
 *
 * @param gpu Where it will run.
 * @param recurrent Whether they do.
 * @returns Its training step, on spikes at 2 %.
 */
export function compileSpoken(gpu: Gpu, recurrent = true): Promise<NetworkStep> {
  const [features, hidden, classes, timeSteps, batchSize] = [700, 256, 20, 100, 64];
  const random = new Random(2);
  const labels = labelsOf(random, BATCHES * batchSize, classes);
  const recordings = Array.from(labels, (label) => {
    const events = Array.from(
      { length: Math.round(0.02 * features * timeSteps) },
      () => [random.below(timeSteps), random.below(features)] as const,
    ).sort(([a], [b]) => a - b);
    return {
      places: events.map(([, place]) => place),
      times: events.map(([time]) => time),
      label,
    };
  });
  const neurons = new CubaLifNode({ tauSyn: 10, tauMem: 20 });
  const network = new Sequential([
    new Linear(features, hidden),
    recurrent ? new Recurrent(neurons, { bias: false }) : neurons,
    new Linear(hidden, classes),
    new LifNode({ tau: 20 }),
  ]);
  return compileStep(
    gpu,
    network,
    { encoder: "events", timeSteps, batchSize },
    eventDataset(recordings, { shape: [features], classes }),
  );
}

function labelsOf(random: Random, count: number, classes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, () => random.below(classes));
}
