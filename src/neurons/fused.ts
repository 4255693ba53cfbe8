import { neuron } from "../../kernels/mod.ts";
import { workgroupsFor } from "../gpu/kernel.ts";
import type { TemplateValues } from "../gpu/template.ts";
import type { CompiledLayer } from "../layers/layer.ts";
import type { Compilation } from "../signal/compilation.ts";
import type { Signal, SignalGradient, SpikeSignal } from "../signal/signal.ts";
import { timeQuads, timeWords } from "../signal/time.ts";
import { checkParameters, type Surrogate } from "../surrogate/surrogate.ts";

/** Simulations of at most these time steps are one segment, unrolled whole. */
const UNROLLED_STEPS = 128;
/** Longer ones run in segments of these quads of time steps: long text compiles too slowly in a loop. */
const SEGMENT_QUADS = 8;

/** What tells one kind of neuron from another. */
export interface NeuronDescription {
  /** The kind, in messages. */
  readonly kind: string;
  /** WGSL with `charge`, `input_gradient` and `potential_gradient`. */
  readonly charge: string;
  /** Values for the WGSL of `charge`. */
  readonly values: TemplateValues;
  /** The threshold. */
  readonly vThreshold: number;
  /** The potential after a spike; null for a soft reset. */
  readonly vReset: number | null;
  /** Whether gradients stop at the reset. */
  readonly detachReset: boolean;
  /** The surrogate gradient of a spike. */
  readonly surrogate: Surrogate;
}

/**
 * The WGSL of neurons, and the values that it takes.
 *
 * @param description The neurons.
 * @returns `charge`, `reset`, `fire_gradient` and what goes with them.
 */
export function neuronEquations(
  description: NeuronDescription,
): { texts: string[]; values: TemplateValues } {
  const { surrogate, vThreshold, vReset, detachReset } = description;
  const rest = vReset ?? 0;
  return {
    texts: [surrogate.wgsl, description.charge, neuron.reset],
    values: {
      ...checkParameters(surrogate),
      ...description.values,
      vThreshold,
      vReset: rest,
      rest,
      initial: rest,
      softReset: vReset === null,
      detachReset,
    },
  };
}

/**
 * Adds the fused pair of kernels that simulates a layer of neurons over all T to a plan.
 *
 * @param compilation The plan in the making.
 * @param input The current `[T, batch, features]`.
 * @param description The neurons.
 * @returns The spikes `[T, batch, features]`; the gradient is written over the current.
 * @throws {TypeError} If the input isn't a dense signal.
 */
export async function compileNeurons(
  compilation: Compilation,
  input: Signal,
  description: NeuronDescription,
): Promise<CompiledLayer> {
  const { kind } = description;
  if (input.kind !== "dense") {
    throw new TypeError(
      `Cannot compile ${kind} neurons as they can't read a signal of ${input.kind}`,
    );
  }
  const { gpu, batchSize, timeSteps } = compilation;
  const equations = neuronEquations(description);
  const neurons = batchSize * input.features;
  const quads = timeQuads(timeSteps);
  const segmentQuads = timeSteps <= UNROLLED_STEPS ? quads : SEGMENT_QUADS;
  const segments = Math.ceil(quads / segmentQuads);
  const values = {
    ...equations.values,
    neurons,
    steps: timeSteps,
    quads,
    segments,
    segmentQuads,
    ragged: segments > 1 && timeSteps % (4 * segmentQuads) !== 0,
  };
  const output: SpikeSignal = {
    kind: "spikes",
    features: input.features,
    spikes: compilation.buffer(timeWords(timeSteps) * neurons * 4, "spikes"),
    counts: compilation.buffer(neurons * 4, "spike counts"),
  };
  const checkpoints = compilation.buffer(
    (segments - 1) * neurons * 4,
    "checkpoints",
  );
  const current = input.values;
  const groups = workgroupsFor(neurons, 64);
  const forward = await gpu.compile({
    name: "neuron/forward",
    texts: [...equations.texts, neuron.forward],
    values,
  });
  const { spikes, counts } = output;
  compilation.add(
    "forward",
    await forward.bind({ current, spikes, counts, checkpoints }, groups),
  );
  return {
    output,
    backward: async (gradient: SignalGradient) => {
      const kernel = await gpu.compile({
        name: "neuron/backward",
        texts: [...equations.texts, neuron.backward],
        values: { ...values, denseGradient: gradient.kind === "dense" },
      });
      const spike_gradient = gradient.values;
      compilation.add(
        "backward",
        await kernel.bind({ current, spike_gradient, checkpoints }, groups),
      );
      return { kind: "dense", values: current };
    },
  };
}
