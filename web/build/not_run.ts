/**
 * Stands for the library's modules that the page never runs, so that they aren't in its bundle.
 *
 * @module
 */

function fail(): never {
  throw new Error("Cannot run this in the page: its module was left out of the bundle");
}

export {
  fail as averageRound,
  fail as checkShares,
  fail as countInputs,
  fail as countsOf,
  fail as deflateEnd,
  fail as directoryLoader,
  fail as encoderFromJson,
  fail as gradientRound,
  fail as layerFromJson,
  fail as packageLoader,
  fail as prepareDrivers,
  fail as readGradientNorms,
  fail as reduceGradients,
  fail as summarize,
  fail as Together,
};

/** The page's network has neither norms nor pools, and its only layer of weights reads events. */
export const neuronBlock = { name: "none", fits: () => 0, compile: fail };
export const linearPlain = { name: "none", fits: () => false, compile: fail };
