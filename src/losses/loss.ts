import type { TemplateValues } from "../gpu/template.ts";
import type { Compilation } from "../signal/compilation.ts";
import type { Signal, SignalGradient } from "../signal/signal.ts";

/** What a network is trained to make small. */
export interface Loss {
  /** Its name in messages and logs. */
  readonly name: string;
  /**
   * Adds the loss and the answer of each sample to a plan, which go to its `metrics`.
   *
   * @param compilation The plan in the making.
   * @param output The network's output.
   * @returns The gradient of the batch's mean loss for the output.
   * @throws {TypeError} If the loss can't read a signal of that kind.
   */
  compile(compilation: Compilation, output: Signal): Promise<SignalGradient>;
  /** Where each neuron's share follows from its own spikes only: that share. */
  readonly neuronLoss?: (shape: LossShape) => NeuronLoss;
}

/** What a loss is computed over. */
export interface LossShape {
  /** Samples of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Output neurons. */
  readonly classes: number;
}

/** The share of a neuron in a sample's loss. */
export interface NeuronLoss {
  /**
   * WGSL with `fn neuron_loss(count: u32, is_label: bool) -> f32` and, for the batch's mean loss,
   * `fn spike_gradient(count: u32, is_label: bool) -> f32`; the count is the neuron's spikes over T.
   */
  readonly wgsl: string;
  /** Values of its `override` constants. */
  readonly values: TemplateValues;
}
