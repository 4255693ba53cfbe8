import type { Optimizer } from "../../core/optimizer.ts";
import type { Shape } from "../../core/shape.ts";
import type { Encoder } from "../../core/encoder.ts";
import { encoders, EventEncoder } from "../../encoders/mod.ts";
import { losses } from "../../losses/mod.ts";
import {
  Adam,
  AdamW,
  constantRate,
  cosineAnnealingLr,
  exponentialLr,
  linearLr,
  type Scheduler,
  Sgd,
  stepLr,
  warmUp,
} from "../../optimizers/mod.ts";
import type { ModelOptions } from "../../model/model_options.ts";
import type { TrainerOptions } from "../../training/trainer_options.ts";
import type { TrainOptions } from "../options/options.ts";

/**
 * How the options say to run a network.
 *
 * @param options The command's options.
 * @param input What a picture has.
 * @returns Options of a model.
 */
export function modelOptions(options: TrainOptions, input: Shape): ModelOptions {
  const { timeSteps, batchSize, seed } = options;
  return { input, encoder: encoderOf(options), timeSteps, batchSize, seed };
}

function encoderOf({ encoder, stepDuration }: TrainOptions): Encoder {
  return encoder === "events" && stepDuration !== undefined
    ? new EventEncoder({ stepDuration })
    : encoders[encoder]();
}

/**
 * How the options say to train.
 *
 * @param options The command's options.
 * @returns Options of a trainer.
 */
export function trainerOptions(options: TrainOptions): TrainerOptions {
  const { averageEvery } = options;
  return {
    loss: losses[options.loss]!(),
    optimizer: buildOptimizer(options),
    scheduler: buildScheduler(options),
    ...averageEvery === undefined ? {} : { averageEvery },
  };
}

function buildOptimizer(
  { optimizer, learningRate, weightDecay, momentum }: TrainOptions,
): Optimizer {
  switch (optimizer) {
    case "adam":
      return new Adam({ learningRate, weightDecay });
    case "adamw":
      return new AdamW({ learningRate, weightDecay });
    case "sgd":
      return new Sgd({ learningRate, weightDecay, momentum });
  }
}

function buildScheduler(options: TrainOptions): Scheduler {
  const scheduler = buildFall(options);
  return options.warmUp > 0 ? warmUp(options.warmUp, scheduler) : scheduler;
}

function buildFall(options: TrainOptions): Scheduler {
  const { scheduler, stepSize, learningRate, endFactor } = options;
  switch (scheduler) {
    case "none":
      return constantRate();
    case "step":
      return stepLr({ stepSize, gamma: options.gamma! });
    case "exponential":
      return exponentialLr({ gamma: options.gamma! });
    case "cosine":
      return cosineAnnealingLr({ tMax: options.tMax!, etaMin: endFactor * learningRate });
    case "linear":
      return linearLr({ startFactor: 1, endFactor, totalIters: options.tMax! });
  }
}
