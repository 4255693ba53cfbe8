/**
 * Galvani: spiking neural networks on native WebGPU.
 *
 * A network is described by layers such as {@linkcode Linear} and {@linkcode LifNode}; a
 * {@linkcode Model} runs it on a {@linkcode Gpu}, and a {@linkcode Trainer} trains that. Data sets are in
 * `@galvani/snn/datasets`, what writers of layers, neurons, losses and encoders of their own need in
 * `@galvani/snn/extend`.
 *
 * @example
 * ```ts
 * import { Adam, Gpu, LifNode, Linear, Model, PoissonEncoder, rateMse, Sequential, Trainer } from "@galvani/snn";
 * import { imageDataset } from "@galvani/snn/datasets";
 *
 * using gpu = await Gpu.request();
 * const train = imageDataset(new Uint8Array(8 * 784), { shape: [784], labels: [0, 1, 2, 3, 4, 5, 6, 7] });
 * const network = new Sequential([new Linear(784, 10, { bias: false }), new LifNode({ tau: 2 })]);
 * using model = await Model.compile(gpu, network, {
 *   input: train.shape, encoder: new PoissonEncoder(), timeSteps: 100, batchSize: 8,
 * });
 * using trainer = new Trainer(model, { loss: rateMse(), optimizer: new Adam({ learningRate: 1e-3 }) });
 * for await (const epoch of trainer.fit(train, { epochs: 1 })) console.log(epoch.trainLoss);
 * ```
 *
 * @module
 */

export * from "./src/gpu/errors.ts";
export { Gpu, type GpuOptions } from "./src/gpu/gpu.ts";
export { Model } from "./src/model/model.ts";
export type { ModelJson, ModelOptions, Prediction } from "./src/model/model_options.ts";
export {
  type EnergyCosts,
  energyOf,
  HOROWITZ_2014,
  type LayerEnergy,
  type NetworkEnergy,
} from "./src/model/energy.ts";
export { type Alarm, type AlarmInput, alarmsOf } from "./src/training/alarms.ts";
export type { LayerCounts, NetworkCounts } from "./src/model/counts.ts";
export type { EvaluateOptions, Evaluation, LayerFiring } from "./src/model/evaluation.ts";
export type { LayerRecording, Recording } from "./src/model/recording.ts";
export type { NetworkSummary, SummaryOptions } from "./src/model/summary.ts";
export type { FromJsonOptions } from "./src/model/from_json.ts";
export { matchParameters } from "./src/model/match_parameters.ts";
export type { MatchedParameters, MatchOptions } from "./src/model/match_parameters.ts";
export type { Collective, Rank } from "./src/core/collective.ts";
export { localCollectives } from "./src/training/local_collectives.ts";
export { Trainer } from "./src/training/trainer.ts";
export type {
  EpochReport,
  FitOptions,
  StepsOptions,
  TrainerOptions,
  TrainingPart,
  TrainingProgress,
} from "./src/training/trainer_options.ts";
export type { BatchSums, TrainerState } from "./src/training/trainer_state.ts";
export {
  type BestEpoch,
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "./src/training/checkpoint.ts";
export { DivergedError } from "./src/training/diverged_error.ts";
export { LinearAttention, type LinearAttentionOptions } from "./src/attention/linear_attention.ts";
export {
  SpikingSelfAttention,
  type SpikingSelfAttentionOptions,
} from "./src/attention/spiking_self_attention.ts";
export { Conv1d, type Conv1dOptions } from "./src/layers/conv/conv1d.ts";
export { Conv2d, type Conv2dOptions } from "./src/layers/conv/conv2d.ts";
export type { ConvWindow, Padding2d, Size2d } from "./src/layers/conv/window.ts";
export { Dropout } from "./src/layers/dropout.ts";
export { Dropout2d } from "./src/layers/dropout2d.ts";
export { Flatten, type FlattenOptions } from "./src/layers/flatten.ts";
export { Linear, type LinearOptions } from "./src/layers/linear/linear.ts";
export {
  BatchNorm,
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormOptions,
} from "./src/layers/norm/batch_norm.ts";
export {
  ThresholdDependentBatchNorm,
  ThresholdDependentBatchNorm1d,
  ThresholdDependentBatchNorm2d,
  type ThresholdDependentBatchNormOptions,
} from "./src/layers/norm/threshold_dependent_batch_norm.ts";
export { AdaptiveAvgPool2d } from "./src/layers/pool/adaptive_avg_pool2d.ts";
export { AvgPool1d, type AvgPool1dOptions } from "./src/layers/pool/avg_pool1d.ts";
export { AvgPool2d, type AvgPool2dOptions } from "./src/layers/pool/avg_pool2d.ts";
export { MaxPool1d, type MaxPool1dOptions } from "./src/layers/pool/max_pool1d.ts";
export { MaxPool2d, type MaxPool2dOptions } from "./src/layers/pool/max_pool2d.ts";
export { Pool } from "./src/layers/pool/pool.ts";
export { SumPool2d, type SumPool2dOptions } from "./src/layers/pool/sum_pool2d.ts";
export { VotingLayer } from "./src/layers/pool/voting_layer.ts";
export type { PoolMove, PoolWindow } from "./src/layers/pool/window.ts";
export { Residual, type ResidualOptions } from "./src/layers/residual.ts";
export { Sequential } from "./src/layers/sequential.ts";
export {
  AlifNode,
  type AlifNodeOptions,
  CubaLifNode,
  type CubaLifNodeOptions,
  CubaLiNode,
  type CubaLiNodeOptions,
  EifNode,
  type EifNodeOptions,
  IfNode,
  IzhikevichNode,
  type IzhikevichNodeOptions,
  KlifNode,
  type KlifNodeOptions,
  LifNode,
  type LifNodeOptions,
  LiNode,
  type LiNodeOptions,
  MaskedPsn,
  type MaskedPsnOptions,
  type NeuronOptions,
  neurons,
  type ParallelNeuronOptions,
  ParallelNeurons,
  type ParallelWeights,
  ParametricLifNode,
  Psn,
  QifNode,
  type QifNodeOptions,
  Simulation,
  SlidingPsn,
  type SlidingPsnOptions,
  SynapseFilter,
  type SynapseFilterOptions,
} from "./src/neurons/mod.ts";
export { Recurrent, type RecurrentOptions } from "./src/recurrent/recurrent.ts";
export { type Surrogate, surrogates } from "./src/surrogate/mod.ts";
export {
  ColumnEncoder,
  DirectEncoder,
  encoders,
  EventEncoder,
  type EventEncoderOptions,
  LatencyEncoder,
  type LatencyEncoderOptions,
  PeriodicEncoder,
  PoissonEncoder,
  WeightedPhaseEncoder,
  type WeightedPhaseEncoderOptions,
} from "./src/encoders/mod.ts";
export * from "./src/losses/mod.ts";
export {
  Adam,
  type AdamOptions,
  AdamW,
  type AdamWOptions,
  optimizers,
  type Scheduler,
  schedulers,
  Sgd,
  type SgdOptions,
} from "./src/optimizers/mod.ts";
export { Dataset } from "./src/datasets/dataset.ts";
export { eventDataset, imageDataset } from "./src/datasets/make.ts";
