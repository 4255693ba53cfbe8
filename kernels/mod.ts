/**
 * The text of every kernel. This is the only module that imports WGSL files.
 *
 * The texts are templates (see `src/gpu/template.ts`).
 *
 * @module
 */

import batch from "./lib/batch.wgsl" with { type: "text" };
import events from "./lib/events.wgsl" with { type: "text" };
import quads from "./lib/quads.wgsl" with { type: "text" };
import random from "./lib/random.wgsl" with { type: "text" };
import slice from "./lib/slice.wgsl" with { type: "text" };
import texel from "./lib/texel.wgsl" with { type: "text" };
import dropoutKeep from "./dropout/keep.wgsl" with { type: "text" };
import dropoutSpikes from "./dropout/spikes.wgsl" with { type: "text" };
import dropoutValues from "./dropout/values.wgsl" with { type: "text" };
import poisson from "./encoder/poisson.wgsl" with { type: "text" };
import encoderEvents from "./encoder/events.wgsl" with { type: "text" };
import encoderTable from "./encoder/table.wgsl" with { type: "text" };
import inputClear from "./input/clear.wgsl" with { type: "text" };
import inputGather from "./input/gather.wgsl" with { type: "text" };
import inputNumbers from "./input/numbers.wgsl" with { type: "text" };
import inputScale from "./input/scale.wgsl" with { type: "text" };
import inputSpread from "./input/spread.wgsl" with { type: "text" };
import linearEventStep from "./linear/event_step.wgsl" with { type: "text" };
import linearForward from "./linear/forward.wgsl" with { type: "text" };
import linearForwardPixels from "./linear/forward_pixels.wgsl" with { type: "text" };
import linearGradientPixels from "./linear/gradient_pixels.wgsl" with { type: "text" };
import linearForwardEvents from "./linear/forward_events.wgsl" with { type: "text" };
import linearGradient from "./linear/gradient.wgsl" with { type: "text" };
import linearGradientEvents from "./linear/gradient_events.wgsl" with { type: "text" };
import linearInputGradient from "./linear/input_gradient.wgsl" with { type: "text" };
import linearOutputGradient from "./linear/output_gradient.wgsl" with { type: "text" };
import linearParameters from "./linear/parameters.wgsl" with { type: "text" };
import linearReadConstant from "./linear/read_constant.wgsl" with { type: "text" };
import linearReadDense from "./linear/read_dense.wgsl" with { type: "text" };
import linearReadSpikes from "./linear/read_spikes.wgsl" with { type: "text" };
import linearScatterEvents from "./linear/scatter_events.wgsl" with { type: "text" };
import linearSpikeFactor from "./linear/spike_factor.wgsl" with { type: "text" };
import linearStoreQuad from "./linear/store_quad.wgsl" with { type: "text" };
import linearSumEvents from "./linear/sum_events.wgsl" with { type: "text" };
import linearWorkgroupEvents from "./linear/workgroup_events.wgsl" with { type: "text" };
import linearWorkgroupEventStep from "./linear/workgroup_event_step.wgsl" with { type: "text" };
import linearWorkgroupForwardEvents from "./linear/workgroup_forward_events.wgsl" with {
  type: "text",
};
import linearWorkgroupGradient from "./linear/workgroup_gradient.wgsl" with { type: "text" };
import linearWorkgroupGradientEvents from "./linear/workgroup_gradient_events.wgsl" with {
  type: "text",
};
import lossBatch from "./loss/batch.wgsl" with { type: "text" };
import lossIndependent from "./loss/independent.wgsl" with { type: "text" };
import lossNeuronSum from "./loss/neuron_sum.wgsl" with { type: "text" };
import lossNone from "./loss/none.wgsl" with { type: "text" };
import lossReadOut from "./loss/read_out.wgsl" with { type: "text" };
import lossReadOutGradient from "./loss/read_out_gradient.wgsl" with { type: "text" };
import valueMse from "./loss/value_mse.wgsl" with { type: "text" };
import potentialMse from "./loss/potential_mse.wgsl" with { type: "text" };
import rateMse from "./loss/rate_mse.wgsl" with { type: "text" };
import softmaxCrossEntropy from "./loss/softmax_cross_entropy.wgsl" with { type: "text" };
import neuronBackward from "./neuron/backward.wgsl" with { type: "text" };
import neuronForward from "./neuron/forward.wgsl" with { type: "text" };
import neuronCuba from "./neuron/cuba.wgsl" with { type: "text" };
import neuronLearnedGradient from "./neuron/learned_gradient.wgsl" with { type: "text" };
import neuronIf from "./neuron/if.wgsl" with { type: "text" };
import lif from "./neuron/lif.wgsl" with { type: "text" };
import neuronReset from "./neuron/reset.wgsl" with { type: "text" };
import neuronSpikeSums from "./neuron/spike_sums.wgsl" with { type: "text" };
import adam from "./optimizer/adam.wgsl" with { type: "text" };
import optimizerGradient from "./optimizer/gradient.wgsl" with { type: "text" };
import optimizerClip from "./optimizer/clip.wgsl" with { type: "text" };
import optimizerReduce from "./optimizer/reduce.wgsl" with { type: "text" };
import optimizerSquares from "./optimizer/squares.wgsl" with { type: "text" };
import sgd from "./optimizer/sgd.wgsl" with { type: "text" };
import residualAccumulate from "./residual/accumulate.wgsl" with { type: "text" };
import residualAdd from "./residual/add.wgsl" with { type: "text" };
import residualSpread from "./residual/spread.wgsl" with { type: "text" };
import residualSum from "./residual/sum.wgsl" with { type: "text" };
import atan from "./surrogate/atan.wgsl" with { type: "text" };
import deterministicPass from "./surrogate/deterministic_pass.wgsl" with { type: "text" };
import erf from "./surrogate/erf.wgsl" with { type: "text" };
import fakeNumericalGradient from "./surrogate/fake_numerical_gradient.wgsl" with { type: "text" };
import leakyKRelu from "./surrogate/leaky_k_relu.wgsl" with { type: "text" };
import logTailedRelu from "./surrogate/log_tailed_relu.wgsl" with { type: "text" };
import nonzeroSignLogAbs from "./surrogate/nonzero_sign_log_abs.wgsl" with { type: "text" };
import piecewiseExp from "./surrogate/piecewise_exp.wgsl" with { type: "text" };
import piecewiseLeakyRelu from "./surrogate/piecewise_leaky_relu.wgsl" with { type: "text" };
import piecewiseQuadratic from "./surrogate/piecewise_quadratic.wgsl" with { type: "text" };
import qPseudoSpike from "./surrogate/q_pseudo_spike.wgsl" with { type: "text" };
import rect from "./surrogate/rect.wgsl" with { type: "text" };
import s2nn from "./surrogate/s2nn.wgsl" with { type: "text" };
import sigmoid from "./surrogate/sigmoid.wgsl" with { type: "text" };
import softSign from "./surrogate/soft_sign.wgsl" with { type: "text" };
import squarewaveFourierSeries from "./surrogate/squarewave_fourier_series.wgsl" with {
  type: "text",
};
import superSpike from "./surrogate/super_spike.wgsl" with { type: "text" };

/** What a kernel may `#include`. */
export const includes = {
  "dropout/keep": dropoutKeep,
  "lib/batch": batch,
  "lib/events": events,
  "lib/random": random,
  "lib/quads": quads,
  "lib/slice": slice,
  "lib/texel": texel,
  "linear/output_gradient": linearOutputGradient,
  "linear/parameters": linearParameters,
  "linear/scatter_events": linearScatterEvents,
  "linear/spike_factor": linearSpikeFactor,
  "linear/store_quad": linearStoreQuad,
  "linear/sum_events": linearSumEvents,
  "linear/workgroup_events": linearWorkgroupEvents,
  "linear/workgroup_gradient": linearWorkgroupGradient,
  "optimizer/gradient": optimizerGradient,
} as const;
/** Dropout, of spikes and of numbers. */
export const dropout = { spikes: dropoutSpikes, values: dropoutValues } as const;
/** From samples to spikes. */
export const encoder = { events: encoderEvents, poisson, table: encoderTable } as const;
/** From samples, and from signals that aren't stored, to stored signals. */
export const input = {
  clear: inputClear,
  gather: inputGather,
  numbers: inputNumbers,
  scale: inputScale,
  spread: inputSpread,
} as const;
/** Pieces that texts of one's own may be made of. */
export const lib = { batch } as const;
/** Linear layers: a kernel for each kind of signal and direction. */
export const linear = {
  eventStep: linearEventStep,
  forward: linearForward,
  forwardEvents: linearForwardEvents,
  forwardPixels: linearForwardPixels,
  gradientPixels: linearGradientPixels,
  gradient: linearGradient,
  gradientEvents: linearGradientEvents,
  inputGradient: linearInputGradient,
  readConstant: linearReadConstant,
  readDense: linearReadDense,
  readSpikes: linearReadSpikes,
  workgroupEventStep: linearWorkgroupEventStep,
  workgroupForwardEvents: linearWorkgroupForwardEvents,
  workgroupGradientEvents: linearWorkgroupGradientEvents,
} as const;
/** Neurons: how each kind charges, the reset, and the pair of kernels over T that runs them all. */
export const neuron = {
  cuba: neuronCuba,
  lif,
  if: neuronIf,
  reset: neuronReset,
  forward: neuronForward,
  backward: neuronBackward,
  learnedGradient: neuronLearnedGradient,
  spikeSums: neuronSpikeSums,
} as const;
/** Losses with their gradients. */
export const loss = {
  batch: lossBatch,
  independent: lossIndependent,
  neuronSum: lossNeuronSum,
  none: lossNone,
  potentialMse,
  rateMse,
  readOut: lossReadOut,
  readOutGradient: lossReadOutGradient,
  softmaxCrossEntropy,
  valueMse,
} as const;
/** Optimizers, and what gradients go through before them. */
export const optimizer = {
  adam,
  clip: optimizerClip,
  reduce: optimizerReduce,
  sgd,
  squares: optimizerSquares,
} as const;
/** The shortcut around layers. */
export const residual = {
  accumulate: residualAccumulate,
  add: residualAdd,
  spread: residualSpread,
  sum: residualSum,
} as const;
/** Surrogate gradients. */
export const surrogate = {
  atan,
  deterministicPass,
  erf,
  fakeNumericalGradient,
  leakyKRelu,
  logTailedRelu,
  nonzeroSignLogAbs,
  piecewiseExp,
  piecewiseLeakyRelu,
  piecewiseQuadratic,
  qPseudoSpike,
  rect,
  s2nn,
  sigmoid,
  softSign,
  squarewaveFourierSeries,
  superSpike,
} as const;
