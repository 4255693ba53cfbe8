import type { CompiledLayer, Layer, LayerJson } from "../core/layer.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Gradient, Signal, SpikeSignal } from "../core/signal.ts";
import type { Declarations } from "../core/tensor_spec.ts";
import { numbers, stored } from "../feeds/stored.ts";
import { atan } from "../surrogate/atan.ts";
import type { Surrogate } from "../surrogate/surrogate.ts";
import { checkFinite } from "../validate.ts";
import {
  bindNeurons,
  compileDecayGradient,
  compileNeuronBackward,
  compileNeuronForward,
  neuronBytes,
  type NeuronDescription,
} from "./fused.ts";
import { observeSpikes } from "./observe.ts";

/** Options of all kinds of neurons. Potentials and currents are without unit; a time step is 1. */
export interface NeuronOptions {
  /**
   * The potential at which a neuron fires.
   *
   * @default {1}
   */
  vThreshold?: number;
  /**
   * The potential after a spike (hard reset); null subtracts the threshold instead (soft reset).
   *
   * @default {0}
   */
  vReset?: number | null;
  /**
   * The potential before the first step. By default `vReset`, or 0 with a soft reset.
   */
  vInit?: number;
  /**
   * Whether the gradient stops at the reset.
   *
   * @default {false}
   */
  detachReset?: boolean;
  /**
   * Whether the potential after each step is kept, `[T, neurons]`: for losses that read it.
   *
   * @default {false}
   */
  storeV?: boolean;
  /**
   * The surrogate gradient of a spike.
   *
   * @default {atan()}
   */
  surrogate?: Surrogate;
}

/**
 * A layer of spiking neurons of any kind, simulated over all T time steps by one kernel each way.
 *
 * ```text
 * charge  h = f(v, x), by kind of neuron
 * fire    s = 1 if h >= vThreshold else 0
 * reset   v = (1 - s) h + s vReset                (hard)
 *         v = h - s vThreshold                    (soft)
 * ```
 *
 * The potential starts at `vInit` in every run of a network.
 */
export abstract class NeuronLayer implements Layer {
  /** The kind of neuron. */
  abstract readonly kind: string;
  /** What all kinds of neurons have, defaults filled in. */
  readonly options: Readonly<Required<NeuronOptions>>;

  /**
   * Checks what all kinds of neurons have.
   *
   * @param what What can't be done, for messages.
   * @param options The options.
   * @throws {RangeError} If a potential isn't finite.
   */
  constructor(what: string, options: NeuronOptions) {
    const { vReset = 0 } = options;
    this.options = {
      vThreshold: checkFinite(what, "vThreshold", options.vThreshold ?? 1),
      vReset: vReset === null ? null : checkFinite(what, "vReset", vReset),
      vInit: checkFinite(what, "vInit", options.vInit ?? vReset ?? 0),
      detachReset: options.detachReset ?? false,
      storeV: options.storeV ?? false,
      surrogate: options.surrogate ?? atan(),
    };
  }

  /**
   * What tells these neurons from others.
   *
   * @returns The neurons' equations and constants.
   */
  abstract describe(): NeuronDescription;

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in.
   * @returns The same: a neuron for each number.
   */
  outputShape(input: Shape): Shape {
    return input;
  }

  /**
   * Declares what the neurons learn: `w`, a single number, of a learned decay, as SpikingJelly names it.
   *
   * @param declarations Where to.
   */
  declare(declarations: Declarations): void {
    const { initialW } = this.describe();
    if (initialW === undefined) return;
    declarations.parameter("w", { shape: [], init: () => Float32Array.of(initialW) });
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param signal The current `[T, batch, ...shape]`.
   * @returns The spikes `[T, batch, ...shape]`; the gradient is written over the current.
   */
  async compile(scope: Scope, signal: Signal): Promise<CompiledLayer> {
    const input = await numbers(scope, await stored(scope, signal));
    const { gpu, batchSize, timeSteps } = scope;
    const own = this.describe();
    const description = { ...own, storeV: own.storeV || scope.mode === "record" };
    const neurons = batchSize * sizeOf(input.shape);
    const constantCurrent = input.over === "constant";
    const run = { neurons, timeSteps, constantCurrent };
    const bytes = neuronBytes(run);
    const potential = description.storeV ? scope.buffer(bytes.quads, "potential") : undefined;
    const output: SpikeSignal = {
      kind: "spikes",
      shape: input.shape,
      over: "time",
      spikes: scope.buffer(bytes.spikes, "spikes"),
      counts: scope.buffer(bytes.counts, "spike counts"),
      ...potential ? { traces: { v: potential } } : {},
    };
    const parameter = description.initialW === undefined ? undefined : scope.parameter("w");
    const shared = {
      current: input.values,
      ...bytes.checkpoints > 0
        ? { checkpoints: scope.buffer(bytes.checkpoints, "checkpoints") }
        : {},
      ...parameter ? { tau_parameter: parameter.values } : {},
    };
    const forward = await compileNeuronForward(gpu, description, run);
    const { spikes, counts } = output;
    scope.add(
      "forward",
      await bindNeurons(
        gpu,
        forward,
        { ...shared, spikes, counts, ...potential ? { potential } : {} },
        run,
      ),
    );
    await observeSpikes(scope, this.kind, output);
    return {
      output,
      async backward({ values, traces }: Gradient) {
        if (values?.over === "summed") {
          throw new TypeError("Cannot take the gradient of spikes from that of a constant signal");
        }
        const v = traces?.["v"];
        const backward = await compileNeuronBackward(gpu, description, run, {
          ...values ? { spikes: values.over === "time" ? "dense" : "constant" } : {},
          v: v !== undefined,
        });
        const decay_gradients = parameter && scope.buffer(bytes.each, "decay gradients");
        const gradients = {
          ...values ? { spike_gradient: values.buffer } : {},
          ...v ? { v_gradient: v } : {},
          ...decay_gradients ? { decay_gradients } : {},
        };
        scope.add("backward", await bindNeurons(gpu, backward, { ...shared, ...gradients }, run));
        if (parameter && decay_gradients) {
          const sum = await compileDecayGradient(gpu, neurons);
          const tau_parameter = parameter.values;
          scope.add(
            "backward",
            await sum.bind({ decay_gradients, tau_parameter, gradient: parameter.gradient }, [1]),
          );
        }
        return {
          values: { over: constantCurrent ? "summed" : "time", buffer: input.values },
        };
      },
    };
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    const { surrogate, storeV: _, ...options } = this.options;
    return {
      kind: this.kind,
      ...options,
      surrogate: { name: surrogate.name, ...surrogate.parameters },
    };
  }
}
