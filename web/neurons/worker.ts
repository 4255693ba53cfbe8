/**
 * The worker of the tutorial's ten neurons.
 *
 * @module
 */
import { Flatten, LifNode, Linear, PoissonEncoder, Sequential } from "@galvani/snn";
import { CLASSES, PIXELS } from "../messages.ts";
import type { Plan } from "../network.ts";
import { trainForPage } from "../training.ts";
import type { Settings } from "./settings.ts";

trainForPage(({ seed, timeSteps, tau }: Settings): Plan => ({
  layers: new Sequential([
    new Flatten(),
    new Linear(PIXELS, CLASSES, { bias: false }),
    new LifNode({ tau }),
  ]),
  encoder: new PoissonEncoder(),
  ...{ timeSteps, seed },
  learningRate: 1e-3,
  weights: "layer.1.weight",
  hidden: [],
  stepsAPicture: 8,
}));
