import type { CompiledLayer, Layer } from "../layers/layer.ts";
import type { Compilation } from "../signal/compilation.ts";
import type { Signal } from "../signal/signal.ts";
import { compileNeurons, type NeuronDescription } from "./fused.ts";

/** A layer of spiking neurons of any kind, simulated over all T time steps by one kernel each way. */
export abstract class NeuronLayer implements Layer {
  /** The kind of neuron. */
  abstract readonly kind: string;

  /**
   * What tells this kind of neuron from another.
   *
   * @returns The neurons' equations and constants.
   */
  abstract describe(): NeuronDescription;

  /**
   * Features of a sample that the layer gives: as many as come in.
   *
   * @param input Features of a sample that come in.
   * @returns The same.
   */
  outputFeatures(input: number): number {
    return input;
  }

  /**
   * Adds the layer's kernels to a plan.
   *
   * @param compilation The plan in the making.
   * @param input The current `[T, batch, features]`, a dense signal.
   * @returns The spikes `[T, batch, features]`.
   * @throws {TypeError} If the input isn't a dense signal.
   */
  compile(compilation: Compilation, input: Signal): Promise<CompiledLayer> {
    return compileNeurons(compilation, input, this.describe());
  }
}
