/**
 * Pieces that kernels include. The texts of kernels are in the modules of the folders, which alone import
 * WGSL files: so a bundle holds only what its program may run.
 *
 * @module
 */

import dropoutKeep from "./dropout/keep.wgsl" with { type: "text" };
import encoderOwnSteps from "./encoder/own_steps.wgsl" with { type: "text" };
import batch from "./lib/batch.wgsl" with { type: "text" };
import events from "./lib/events.wgsl" with { type: "text" };
import lengths from "./lib/lengths.wgsl" with { type: "text" };
import recordings from "./lib/recordings.wgsl" with { type: "text" };
import random from "./lib/random.wgsl" with { type: "text" };
import quads from "./lib/quads.wgsl" with { type: "text" };
import slice from "./lib/slice.wgsl" with { type: "text" };
import texel from "./lib/texel.wgsl" with { type: "text" };
import turns from "./lib/turns.wgsl" with { type: "text" };
import linearFours from "./linear/fours.wgsl" with { type: "text" };
import linearNumbersRun from "./linear/numbers_run.wgsl" with { type: "text" };
import linearOutputGradient from "./linear/output_gradient.wgsl" with { type: "text" };
import linearOutputTile from "./linear/output_tile.wgsl" with { type: "text" };
import linearParameters from "./linear/parameters.wgsl" with { type: "text" };
import linearScatterEvents from "./linear/scatter_events.wgsl" with { type: "text" };
import linearSpikeFactor from "./linear/spike_factor.wgsl" with { type: "text" };
import linearStoreQuad from "./linear/store_quad.wgsl" with { type: "text" };
import linearSumEvents from "./linear/sum_events.wgsl" with { type: "text" };
import linearWorkgroupEvents from "./linear/workgroup_events.wgsl" with { type: "text" };
import linearWorkgroupGradient from "./linear/workgroup_gradient.wgsl" with { type: "text" };
import optimizerGradient from "./optimizer/gradient.wgsl" with { type: "text" };
import recurrentShares from "./recurrent/shares.wgsl" with { type: "text" };

/** What a kernel may `#include`. */
export const includes = {
  "dropout/keep": dropoutKeep,
  "encoder/own_steps": encoderOwnSteps,
  "lib/batch": batch,
  "lib/events": events,
  "lib/lengths": lengths,
  "lib/random": random,
  "lib/quads": quads,
  "lib/recordings": recordings,
  "lib/slice": slice,
  "lib/texel": texel,
  "lib/turns": turns,
  "linear/fours": linearFours,
  "linear/numbers_run": linearNumbersRun,
  "linear/output_gradient": linearOutputGradient,
  "linear/output_tile": linearOutputTile,
  "linear/parameters": linearParameters,
  "linear/scatter_events": linearScatterEvents,
  "linear/spike_factor": linearSpikeFactor,
  "linear/store_quad": linearStoreQuad,
  "linear/sum_events": linearSumEvents,
  "linear/workgroup_events": linearWorkgroupEvents,
  "linear/workgroup_gradient": linearWorkgroupGradient,
  "optimizer/gradient": optimizerGradient,
  "recurrent/shares": recurrentShares,
} as const;
