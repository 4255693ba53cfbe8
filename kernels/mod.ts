/**
 * The text of every kernel. This is the only module that imports WGSL files.
 *
 * The texts are templates (see `src/gpu/template.ts`); what a kernel needs of the others is put
 * before it by whoever compiles it.
 *
 * @module
 */

import batch from "./lib/batch.wgsl" with { type: "text" };
import random from "./lib/random.wgsl" with { type: "text" };
import poisson from "./encoder/poisson.wgsl" with { type: "text" };
import linearParameters from "./linear/parameters.wgsl" with { type: "text" };
import linearForwardEvents from "./linear/forward_events.wgsl" with {
  type: "text",
};
import linearGradientEvents from "./linear/gradient_events.wgsl" with {
  type: "text",
};
import lif from "./neuron/lif.wgsl" with { type: "text" };
import neuronReset from "./neuron/reset.wgsl" with { type: "text" };
import neuronForward from "./neuron/forward.wgsl" with { type: "text" };
import neuronBackward from "./neuron/backward.wgsl" with { type: "text" };
import rateMse from "./loss/rate_mse.wgsl" with { type: "text" };
import batchMetrics from "./metrics/batch_metrics.wgsl" with { type: "text" };
import adam from "./optimizer/adam.wgsl" with { type: "text" };
import atan from "./surrogate/atan.wgsl" with { type: "text" };
import sigmoid from "./surrogate/sigmoid.wgsl" with { type: "text" };

/** Records of a step and of a sample, random numbers. */
export const lib = { batch, random } as const;
/** From images to spikes. */
export const encoder = { poisson } as const;
/** Linear layers: access to the parameters, and a kernel for each kind of signal and direction. */
export const linear = {
  parameters: linearParameters,
  forwardEvents: linearForwardEvents,
  gradientEvents: linearGradientEvents,
} as const;
/** Neurons: how each kind charges, the reset, and the fused pair over T that runs them all. */
export const neuron = {
  lif,
  reset: neuronReset,
  forward: neuronForward,
  backward: neuronBackward,
} as const;
/** Losses with their gradients. */
export const loss = { rateMse } as const;
/** What a step reports. */
export const metrics = { batchMetrics } as const;
/** Optimizers. */
export const optimizer = { adam } as const;
/** Surrogate gradients. */
export const surrogate = { atan, sigmoid } as const;
