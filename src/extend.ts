/**
 * What writers of layers, neurons, losses, encoders and kernels of their own need.
 *
 * A layer is an object of {@linkcode Layer}: it says its shapes, declares its tensors, and adds its kernels
 * to a program through a {@linkcode Scope}. {@linkcode stored} turns any signal that comes in into one that
 * lies in buffers; {@linkcode reader} and {@linkcode writer} are WGSL to read and store such a signal,
 * whatever its layout. A loss is made by {@linkcode sampleLoss}.
 *
 * ```ts
 * import { sampleLoss } from "@galvani/snn/extend";
 * import { assertEquals } from "@std/assert";
 *
 * // Half the squared distance of each score from a one-hot target.
 * const halfSquares = sampleLoss({
 *   name: "halfSquares",
 *   reads: "values",
 *   wgsl: `
 * override scale: f32;  // 1 / batch
 *
 * fn sample_loss(first: u32, label: u32) -> f32 {
 *   var sum = 0.0;
 *   for (var c = 0u; c < classes; c++) {
 *     let error = score(first + c) - select(0.0, 1.0, c == label);
 *     sum += 0.5 * error * error;
 *     set_gradient(first + c, error * scale);
 *   }
 *   return sum;
 * }`,
 *   values: ({ batchSize }) => ({ scale: 1 / batchSize }),
 * });
 * assertEquals(halfSquares.name, "halfSquares");
 * ```
 *
 * @module
 */

export type { AdapterOptions, DeviceChoice } from "./gpu/adapter_options.ts";
export type { BufferPart, Resource, StepBuffer } from "./gpu/bindings.ts";
export { CommandList } from "./gpu/commands.ts";
export { type Dispatch, sequence, workgroupsFor } from "./gpu/dispatch.ts";
export type { Kernel, KernelSource } from "./gpu/kernel.ts";
export type { Mailbox, Reading, ReadPart } from "./gpu/reading.ts";
export type { Preset, Tile, WorkgroupTile } from "./gpu/preset.ts";
export type { TemplateValues } from "./gpu/template.ts";
export { denseBytes, fromDense, toDense } from "./core/dense.ts";
export type { DenseRange } from "./core/dense.ts";
export type { Encoder, EncoderInput, EncoderJson } from "./core/encoder.ts";
export * from "./core/feed.ts";
export {
  type CompiledLayer,
  compileLayer,
  type InnerLayer,
  type Layer,
  type LayerJson,
} from "./core/layer.ts";
export type { Loss, LossShape, NeuronLoss } from "./core/loss.ts";
export type { Optimizer, OptimizerState } from "./core/optimizer.ts";
export { Random } from "./core/random.ts";
export * from "./core/readers.ts";
export type * from "./core/scope.ts";
export { formatShape, type Shape, sizeOf } from "./core/shape.ts";
export * from "./core/signal.ts";
export { Source } from "./core/source.ts";
export * from "./core/tensor_spec.ts";
export { type EventTime, eventTime, timeQuads, timeWords } from "./core/time.ts";
export { compileVariant, type FusedNetwork, type Fusion, type Variant } from "./core/variant.ts";
export { numbers, scaleGradient, stored } from "./feeds/stored.ts";
export { readOut, type Scores } from "./losses/read_out.ts";
export { sampleLoss, type SampleLossOptions } from "./losses/sample_loss.ts";
export type { ClipOptions } from "./program/gradients.ts";
export type { SummaryMemory, SummaryRow } from "./model/summary.ts";
export { encoderFromJson, layerFromJson, type Maker } from "./model/from_json.ts";
export * from "./neurons/mod.ts";
export * from "./surrogate/mod.ts";
export * from "./encoders/mod.ts";
export * from "./optimizers/mod.ts";
