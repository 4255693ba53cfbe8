import type { Tensor } from "../formats/tensor.ts";
import type { CompiledLayer, Layer, TakeTensor } from "../layers/layer.ts";
import type { Compilation, Parameter } from "../signal/compilation.ts";
import type { Signal, SignalGradient, SpikeSignal } from "../signal/signal.ts";
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
   * Features of a sample that the layer gives: as many as come in.
   *
   * @param input Features of a sample that come in.
   * @returns The same.
   */
  outputFeatures(input: number): number {
    return input;
  }

  /**
   * What the layer learns, as it starts.
   *
   * @returns w of a learned decay; nothing for other neurons.
   */
  initialParameters(): Float32Array<ArrayBuffer> | undefined {
    const { initialW } = this.describe();
    return initialW === undefined ? undefined : Float32Array.of(initialW);
  }

  /**
   * Names what the layer learns as SpikingJelly does.
   *
   * @param values w of a learned decay.
   * @returns `w`, a scalar; nothing for other neurons.
   */
  tensorsOf(values: Float32Array<ArrayBuffer>): Record<string, Tensor> {
    return this.describe().initialW === undefined
      ? {}
      : { w: { shape: [], data: values.slice(0, 1) } };
  }

  /**
   * The reverse of {@linkcode NeuronLayer.tensorsOf}.
   *
   * @param take Gives the elements of a tensor.
   * @returns w of a learned decay; nothing for other neurons.
   */
  valuesOf(take: TakeTensor): Float32Array<ArrayBuffer> | undefined {
    return this.describe().initialW === undefined ? undefined : Float32Array.from(take("w", []));
  }

  /**
   * Adds the layer's kernels to a plan.
   *
   * @param compilation The plan in the making.
   * @param input The current `[T, batch, features]`: a dense or a constant signal.
   * @returns The spikes `[T, batch, features]`; the gradient is written over the current.
   * @throws {TypeError} If the input is of another kind.
   */
  async compile(compilation: Compilation, input: Signal): Promise<CompiledLayer> {
    if (input.kind !== "dense" && input.kind !== "constant") {
      throw new TypeError(
        `Cannot compile ${this.kind} neurons as they take a current, a dense or a constant signal: ` +
          `got a signal of ${input.kind}`,
      );
    }
    const { gpu, batchSize, timeSteps } = compilation;
    const own = this.describe();
    const description = { ...own, storeV: own.storeV || compilation.storesV };
    const neurons = batchSize * input.features;
    const constantCurrent = input.kind === "constant";
    const run = { neurons, timeSteps, constantCurrent };
    const bytes = neuronBytes(run);
    const { storeV } = description;
    const output: SpikeSignal = {
      kind: "spikes",
      features: input.features,
      spikes: compilation.buffer(bytes.spikes, "spikes"),
      counts: compilation.buffer(bytes.counts, "spike counts"),
      ...storeV ? { potential: compilation.buffer(bytes.quads, "potential") } : {},
    };
    const parameter = description.initialW === undefined ? undefined : parameterOf(compilation);
    const shared = {
      current: input.values,
      ...bytes.checkpoints > 0
        ? { checkpoints: compilation.buffer(bytes.checkpoints, "checkpoints") }
        : {},
      ...parameter ? { tau_parameter: parameter.values } : {},
    };
    const forward = await compileNeuronForward(gpu, description, run);
    const { spikes, counts, potential } = output;
    compilation.add(
      "forward",
      await bindNeurons(gpu, forward, {
        ...shared,
        spikes,
        counts,
        ...potential ? { potential } : {},
      }, run),
    );
    return {
      output,
      ...parameter ? { parameter } : {},
      async backward(gradient: SignalGradient) {
        if (gradient.kind === "total") {
          throw new TypeError("Cannot take the gradient of spikes from that of a constant signal");
        }
        const { kind, values } = gradient;
        const backward = await compileNeuronBackward(
          gpu,
          description,
          run,
          kind === "potential" ? { v: true } : { spikes: kind },
        );
        const decay_gradients = parameter && compilation.buffer(bytes.each, "decay gradients");
        const gradients = {
          ...kind === "potential" ? { v_gradient: values } : { spike_gradient: values },
          ...decay_gradients ? { decay_gradients } : {},
        };
        compilation.add(
          "backward",
          await bindNeurons(gpu, backward, { ...shared, ...gradients }, run),
        );
        if (parameter && decay_gradients) {
          const sum = await compileDecayGradient(gpu, neurons);
          const tau_parameter = parameter.values;
          compilation.add(
            "backward",
            await sum.bind({ decay_gradients, tau_parameter, gradient: parameter.gradient }, [1]),
          );
        }
        return { kind: constantCurrent ? "total" : "dense", values: input.values };
      },
    };
  }
}

function parameterOf(compilation: Compilation): Parameter {
  return {
    size: 1,
    copies: 1,
    values: compilation.buffer(16, "tau parameter"),
    gradient: compilation.buffer(16, "tau parameter gradient"),
  };
}
