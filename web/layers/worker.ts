/**
 * The worker of networks with several layers.
 *
 * @module
 */
import {
  ColumnEncoder,
  Conv2d,
  DirectEncoder,
  energyOf,
  Flatten,
  LifNode,
  Linear,
  MaxPool2d,
  PoissonEncoder,
  Recurrent,
  Sequential,
} from "@galvani/snn";
import type { Layer } from "@galvani/snn/extend";
import { CLASSES, PIXELS, SIDE } from "../messages.ts";
import type { Plan } from "../network.ts";
import { trainForPage } from "../training.ts";
import { NETWORKS, type Settings } from "./networks.ts";

/** Of neurons that take all of their input at once: in a few time steps they would hardly fire otherwise. */
const AT_ONCE = { decayInput: false };

/** What a network is made of, and how it learns. */
type Made = Omit<Plan, "seed" | "weights" | "hidden" | "energyOf">;

/** A network that sees a digit column by column. */
function sequence(hidden: (neurons: LifNode) => Layer): Made {
  const neurons = { ...AT_ONCE, tau: 4 };
  return {
    layers: new Sequential([
      ...[new Linear(SIDE, 64), hidden(new LifNode(neurons))],
      ...[new Linear(64, CLASSES), new LifNode(neurons)],
    ]),
    encoder: new ColumnEncoder(),
    timeSteps: SIDE,
    learningRate: 3e-3,
    stepsAPicture: 8,
  };
}

const MADE: Readonly<Record<Settings["network"], () => Made>> = {
  columns: () => sequence((neurons) => new Recurrent(neurons)),
  deaf: () => sequence((neurons) => neurons),
  convolutions: () => ({
    layers: new Sequential([
      ...[new Conv2d(1, 8, { kernelSize: 5 }), new LifNode(AT_ONCE), new MaxPool2d(2)],
      ...[new Conv2d(8, 16, { kernelSize: 5 }), new LifNode(AT_ONCE), new MaxPool2d(2)],
      ...[new Flatten(), new Linear(16 * 4 * 4, CLASSES), new LifNode(AT_ONCE)],
    ]),
    encoder: new DirectEncoder(),
    timeSteps: 4,
    learningRate: 3e-3,
    stepsAPicture: 2,
  }),
  hidden: () => ({
    layers: new Sequential([
      ...[new Flatten(), new Linear(PIXELS, 100), new LifNode()],
      ...[new Linear(100, CLASSES), new LifNode()],
    ]),
    encoder: new PoissonEncoder(),
    timeSteps: 32,
    learningRate: 1e-3,
    stepsAPicture: 4,
  }),
};

trainForPage(({ seed, network }: Settings): Plan => {
  const { weights, hidden } = NETWORKS[network];
  return {
    ...MADE[network](),
    seed,
    weights: weights.path,
    hidden: hidden.map(({ path }) => path),
    energyOf,
  };
});
