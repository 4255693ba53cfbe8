import type { TemplateValues } from "../gpu/template.ts";
import type { Scope } from "./scope.ts";
import type { Gradient, Signal } from "./signal.ts";

/** What a network is trained to make small. */
export interface Loss {
  /** Its name in messages and logs. */
  readonly name: string;
  /**
   * Adds the loss and the answer of each sample to a program, which go to its `metrics`. The answer is the
   * class with the largest score, of equals the lowest: `evaluate` takes it whatever the loss.
   *
   * @param scope The loss's view of the program.
   * @param output The network's output.
   * @returns The gradient of the batch's mean loss for the output; nothing in a program that doesn't learn.
   * @throws {TypeError} If the loss can't read a signal of that kind.
   */
  compile(scope: Scope, output: Signal): Promise<Gradient | undefined>;
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
  /**
   * Whether samples may end before T: then the WGSL reads how many time steps a sample has in `own_steps`, an
   * f32, and is a template of which `#if lengths` lines are a part.
   *
   * @default {false}
   */
  readonly lengths?: boolean;
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
