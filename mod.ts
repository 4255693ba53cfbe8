/**
 * Galvani: spiking neural networks on native WebGPU.
 *
 * A network is described by {@linkcode Sequential}, its layers by {@linkcode Linear} and
 * {@linkcode LifNode}; a {@linkcode Trainer} compiles it for a {@linkcode Gpu} and trains it.
 *
 * @example
 * ```ts
 * import { Adam, LifNode, Linear, PoissonEncoder, rateMse, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([new Linear(784, 10, { bias: false }), new LifNode({ tau: 2 })]);
 * const options = {
 *   encoder: new PoissonEncoder(), timeSteps: 100, batchSize: 128,
 *   loss: rateMse(), optimizer: new Adam({ learningRate: 1e-3 }), seed: 1,
 * };
 * ```
 *
 * @module
 */

export type { AdapterOptions, DeviceChoice } from "./src/gpu/adapter.ts";
export * from "./src/gpu/errors.ts";
export { Gpu, type GpuOptions, type Reading } from "./src/gpu/gpu.ts";
export * from "./src/gpu/kernel.ts";
export type { Preset, Tile } from "./src/gpu/preset.ts";
export type { TemplateValues } from "./src/gpu/template.ts";
export type * from "./src/signal/compilation.ts";
export { Random } from "./src/signal/random.ts";
export type * from "./src/signal/signal.ts";
export * from "./src/surrogate/mod.ts";
export * from "./src/encoders/mod.ts";
export { Dropout } from "./src/layers/dropout.ts";
export { Flatten } from "./src/layers/flatten.ts";
export type { CompiledLayer, Layer, TakeTensor } from "./src/layers/layer.ts";
export { Linear, type LinearOptions } from "./src/layers/linear.ts";
export * from "./src/neurons/mod.ts";
export * from "./src/losses/mod.ts";
export * from "./src/optimizers/mod.ts";
export { Sequential } from "./src/network/sequential.ts";
export type {
  NetworkSummary,
  SummaryMemory,
  SummaryOptions,
  SummaryRow,
} from "./src/network/summary.ts";
export * from "./src/training/checkpoint.ts";
export * from "./src/training/diverged_error.ts";
export type { Evaluation, LayerFiring } from "./src/training/evaluation.ts";
export type { LayerRecording, Recording } from "./src/training/recording.ts";
export * from "./src/training/trainer.ts";
export type { BatchSums, TrainerState } from "./src/training/trainer_state.ts";
export type { ImageDataset } from "./src/datasets/image_dataset.ts";
