/**
 * Stands for the library's modules that a page never runs, so that they aren't in its bundle. Each name has the
 * type of what it stands for: a name that the library no longer has doesn't pass the type check.
 *
 * @module
 */

import type * as neuron_block from "../../src/fusions/neuron_block.ts";
import type * as deflate_end from "../../src/formats/deflate_end.ts";
import type * as idx_directory from "../../src/datasets/idx_directory.ts";
import type * as mnist_package from "../../src/datasets/mnist_package.ts";
import type * as software_adapter from "../../src/gpu/software_adapter.ts";
import type * as storing from "../../src/feeds/storing.ts";
import type * as linear_recordings from "../../src/layers/linear/recordings.ts";
import type * as linear_stored from "../../src/layers/linear/stored.ts";
import type * as counts from "../../src/model/counts.ts";
import type * as from_json from "../../src/model/from_json.ts";
import type * as summary from "../../src/model/summary.ts";
import type * as count_inputs from "../../src/program/count_inputs.ts";
import type * as gradients from "../../src/program/gradients.ts";
import type * as gradient_norms from "../../src/training/gradient_norms.ts";
import type * as round from "../../src/training/round.ts";
import type * as together from "../../src/training/together.ts";

function fail(): never {
  throw new Error("Cannot run this in the page: its module was left out of the bundle");
}

export const averageRound: typeof round.averageRound = fail;
export const checkShares: typeof together.checkShares = fail;
export const countInputs: typeof count_inputs.countInputs = fail;
export const countsOf: typeof counts.countsOf = fail;
export const deflateEnd: typeof deflate_end.deflateEnd = fail;
export const directoryLoader: typeof idx_directory.directoryLoader = fail;
export const encoderFromJson: typeof from_json.encoderFromJson = fail;
export const gradientRound: typeof round.gradientRound = fail;
export const layerFromJson: typeof from_json.layerFromJson = fail;
export const packageLoader: typeof mnist_package.packageLoader = fail;
export const prepareDrivers: typeof software_adapter.prepareDrivers = fail;
export const readGradientNorms: typeof gradient_norms.readGradientNorms = fail;
export const reduceGradients: typeof gradients.reduceGradients = fail;
export const storeBytes: typeof storing.storeBytes = fail;
export const storeEvents: typeof storing.storeEvents = fail;
export const summarize: typeof summary.summarize = fail;
export const Together = fail as unknown as typeof together.Together;

/** The page of ten neurons has neither norms nor pools, and its only layer of weights reads events. */
export const neuronBlock: typeof neuron_block.neuronBlock = {
  name: "none",
  fits: () => 0,
  compile: fail,
};
export const linearRecordings: typeof linear_recordings.linearRecordings = {
  name: "none",
  fits: () => false,
  compile: fail,
};
export const linearStored: typeof linear_stored.linearStored = [];
