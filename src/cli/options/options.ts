import type { Command } from "./command.ts";
import { optionsMarkdown } from "./help.ts";
import type { Option, OptionsOf } from "./option.ts";
import { BASE_OPTIONS, RESUME_OPTIONS } from "./base.ts";
import { LEARNING_OPTIONS } from "./learning.ts";
import { NETWORK_OPTIONS } from "./network.ts";
import { RECIPES } from "./recipes.ts";
import type { Kept } from "./row.ts";

/** All rows, in the order of the help. */
const ROWS = [...BASE_OPTIONS, ...NETWORK_OPTIONS, ...LEARNING_OPTIONS, ...RESUME_OPTIONS] as const;

/** The options of `train`: what the tables say. */
export type TrainOptions = OptionsOf<(typeof ROWS)[number]>;

/** An option of `train`. */
export type TrainOption = Option<TrainOptions> & Kept;

/** All that parsing, defaults, ranges, the help and the name of the run's folder follow from. */
export const OPTIONS: readonly TrainOption[] = ROWS;

/** The command `train`. */
export const TRAIN: Command<TrainOptions> = {
  name: "train",
  summary: "Train a network on MNIST, Fashion-MNIST or events, spiking or not",
  description:
    "Trains a network on MNIST or Fashion-MNIST: 784-10 with LIF neurons, or what the options make of it.",
  positionals: [],
  options: OPTIONS,
  examples: [
    "-N 20",
    "--device software -T 50 --lr 2e-3 --log-dir /tmp/logs",
    "--hidden 800 --encoder direct -T 8 -N 10",
    "--network 32C3-BN-MP2-512-10 --neuron if --encoder direct -T 4 -N 10",
    "--neuron none -N 10",
    "-N 100 --resume auto",
  ],
  preset: ({ recipe }) => recipe === undefined ? {} : RECIPES[recipe],
  // The options of a checkpoint are known once it is read.
  checksLater: ({ resume }) => resume !== undefined && resume !== "auto",
};

if (import.meta.main) console.log(optionsMarkdown(TRAIN));
