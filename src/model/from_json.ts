/**
 * Networks and encoders from JSON: the reverse of their `toJSON`.
 *
 * @module
 */

import type { Encoder, EncoderJson } from "../core/encoder.ts";
import type { Layer, LayerJson } from "../core/layer.ts";
import {
  ColumnEncoder,
  DirectEncoder,
  EventEncoder,
  LatencyEncoder,
  PeriodicEncoder,
  PoissonEncoder,
  WeightedPhaseEncoder,
} from "../encoders/mod.ts";
import { LinearAttention } from "../attention/linear_attention.ts";
import { Conv1d } from "../layers/conv/conv1d.ts";
import { Conv2d } from "../layers/conv/conv2d.ts";
import { Dropout } from "../layers/dropout.ts";
import { Dropout2d } from "../layers/dropout2d.ts";
import { Flatten } from "../layers/flatten.ts";
import { Linear } from "../layers/linear/linear.ts";
import { BatchNorm1d, BatchNorm2d } from "../layers/norm/batch_norm.ts";
import {
  ThresholdDependentBatchNorm1d,
  ThresholdDependentBatchNorm2d,
} from "../layers/norm/threshold_dependent_batch_norm.ts";
import { AdaptiveAvgPool2d } from "../layers/pool/adaptive_avg_pool2d.ts";
import { AvgPool1d } from "../layers/pool/avg_pool1d.ts";
import { AvgPool2d } from "../layers/pool/avg_pool2d.ts";
import { MaxPool1d } from "../layers/pool/max_pool1d.ts";
import { MaxPool2d } from "../layers/pool/max_pool2d.ts";
import { SumPool2d } from "../layers/pool/sum_pool2d.ts";
import { VotingLayer } from "../layers/pool/voting_layer.ts";
import { Residual } from "../layers/residual.ts";
import { Sequential } from "../layers/sequential.ts";
import { neuronFromJson, type NeuronLayer } from "../neurons/mod.ts";
import { Recurrent } from "../recurrent/recurrent.ts";

/** What makes a layer or an encoder from its JSON; `make` makes the layers inside. */
export type Maker<Json, Made> = (json: Json, make: (json: Json) => Made) => Made;

/** What makes parts of a network that aren't the library's own. */
export interface FromJsonOptions {
  /**
   * What makes layers of one's own, by their kinds.
   *
   * @default {none}
   */
  readonly layers?: Readonly<Record<string, Maker<LayerJson, Layer>>>;
  /**
   * What makes encoders of one's own, by their names.
   *
   * @default {none}
   */
  readonly encoders?: Readonly<Record<string, Maker<EncoderJson, Encoder>>>;
}

// deno-lint-ignore no-explicit-any -- the constructors check what comes from a file.
type Loose = any;

const LAYERS: Readonly<Record<string, Maker<LayerJson, Layer>>> = {
  BatchNorm1d: ({ features, ...options }: Loose) => new BatchNorm1d(features, options),
  BatchNorm2d: ({ features, ...options }: Loose) => new BatchNorm2d(features, options),
  AdaptiveAvgPool2d: ({ outputSize }: Loose) => new AdaptiveAvgPool2d(outputSize),
  AvgPool1d: ({ kernelSize, ...options }: Loose) => new AvgPool1d(kernelSize, options),
  AvgPool2d: ({ kernelSize, ...options }: Loose) => new AvgPool2d(kernelSize, options),
  Conv1d: ({ inChannels, outChannels, ...options }: Loose) =>
    new Conv1d(inChannels, outChannels, options),
  Conv2d: ({ inChannels, outChannels, ...options }: Loose) =>
    new Conv2d(inChannels, outChannels, options),
  Dropout: ({ p }: Loose) => new Dropout(p),
  Dropout2d: ({ p }: Loose) => new Dropout2d(p),
  Flatten: (options: Loose) => new Flatten(options),
  Linear: ({ inputs, outputs, bias }: Loose) => new Linear(inputs, outputs, { bias }),
  LinearAttention: ({ numHeads, ...options }: Loose) => new LinearAttention(numHeads, options),
  MaxPool1d: ({ kernelSize, ...options }: Loose) => new MaxPool1d(kernelSize, options),
  MaxPool2d: ({ kernelSize, ...options }: Loose) => new MaxPool2d(kernelSize, options),
  Recurrent: ({ neurons, ...options }: Loose, make) =>
    new Recurrent(make(neurons) as NeuronLayer, options),
  Residual: ({ inner, shortcut, ...options }: Loose, make) =>
    new Residual(make(inner), { ...options, ...shortcut && { shortcut: make(shortcut) } }),
  Sequential: ({ layers }: Loose, make) => new Sequential(layers.map(make)),
  SumPool2d: ({ kernelSize, ...options }: Loose) => new SumPool2d(kernelSize, options),
  ThresholdDependentBatchNorm1d: ({ features, ...options }: Loose) =>
    new ThresholdDependentBatchNorm1d(features, options),
  ThresholdDependentBatchNorm2d: ({ features, ...options }: Loose) =>
    new ThresholdDependentBatchNorm2d(features, options),
  VotingLayer: ({ votingSize }: Loose) => new VotingLayer(votingSize),
};

const ENCODERS: Readonly<Record<string, Maker<EncoderJson, Encoder>>> = {
  columns: () => new ColumnEncoder(),
  direct: () => new DirectEncoder(),
  events: (options: Loose) => new EventEncoder(options),
  latency: (options: Loose) => new LatencyEncoder(options),
  periodic: ({ pattern }: Loose) => new PeriodicEncoder(pattern),
  poisson: () => new PoissonEncoder(),
  weightedPhase: (options: Loose) => new WeightedPhaseEncoder(options),
};

/**
 * Makes a layer, and all that are in it, from JSON.
 *
 * @param json What `layer.toJSON()` gave.
 * @param options What makes layers of one's own.
 * @returns The layer.
 * @throws {SyntaxError} If a kind is unknown, or the JSON is damaged.
 */
export function layerFromJson(json: LayerJson, options: FromJsonOptions = {}): Layer {
  const make = (json: LayerJson): Layer => {
    const kind = json?.kind;
    const own = ownOf(options.layers, kind) ?? ownOf(LAYERS, kind);
    return made(
      `a layer of kind ${JSON.stringify(kind)}`,
      () => own ? own(json, make) : neuronFromJson(json),
    );
  };
  return make(json);
}

/**
 * Makes an encoder from JSON.
 *
 * @param json What `encoder.toJSON()` gave.
 * @param options What makes encoders of one's own.
 * @returns The encoder.
 * @throws {SyntaxError} If its name is unknown, or the JSON is damaged.
 */
export function encoderFromJson(json: EncoderJson, options: FromJsonOptions = {}): Encoder {
  const make = (json: EncoderJson): Encoder => {
    const name = json?.name;
    const own = ownOf(options.encoders, name) ?? ownOf(ENCODERS, name);
    return made(`the encoder ${JSON.stringify(name)}`, () => own?.(json, make));
  };
  return make(json);
}

const ownOf = <T>(makers: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  makers && Object.hasOwn(makers, name) ? makers[name] : undefined;

function made<T>(what: string, make: () => T | undefined): T {
  let result: T | undefined;
  try {
    result = make();
  } catch (cause) {
    if (cause instanceof SyntaxError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`Cannot make ${what}: ${reason}`, { cause });
  }
  if (result) return result;
  throw new SyntaxError(
    `Cannot make ${what} as there is none of that name: say in \`layers\` or \`encoders\` what makes it`,
  );
}
