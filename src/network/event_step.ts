import { joinValues } from "../gpu/template.ts";
import type { CompiledLayer, Layer } from "../layers/layer.ts";
import { Flatten } from "../layers/flatten.ts";
import { Linear } from "../layers/linear.ts";
import { cutEventLinear } from "../layers/linear_events.ts";
import type { Loss } from "../losses/loss.ts";
import { neuronEquations } from "../neurons/fused.ts";
import { NeuronLayer } from "../neurons/neuron_layer.ts";
import type { Compilation } from "../signal/compilation.ts";
import type { Signal, SpikeSignal } from "../signal/signal.ts";
import { eventTime, timeWords } from "../signal/time.ts";

/** A network that runs as one kernel a step. */
export interface EventStep {
  /** Its layers, whose backward pass is part of the step. */
  readonly layers: CompiledLayer[];
  /** Whether it reports the loss and the answers, too. */
  readonly reports: boolean;
}

/**
 * Adds a network to a plan as one kernel that does all from the current to the gradient, where the
 * network is a Linear layer on spike events and neurons (and Flatten layers, which do nothing).
 *
 * @param compilation The plan in the making.
 * @param layers The network's layers.
 * @param input The signal that comes in.
 * @param loss The loss.
 * @returns The layers in the plan, their backward pass included; nothing if the network doesn't fit.
 */
export async function compileEventStep(
  compilation: Compilation,
  layers: readonly Layer[],
  input: Signal,
  loss: Loss,
): Promise<EventStep | undefined> {
  const { gpu, batchSize, timeSteps, steps: step, samples, pixels, metrics } = compilation;
  const [layer, neurons, ...others] = layers.filter((layer) => !(layer instanceof Flatten));
  if (
    !(layer instanceof Linear) || !(neurons instanceof NeuronLayer) ||
    others.length > 0 || input.kind !== "events" || eventTime(timeSteps).blocks > 1 ||
    compilation.storesV || !loss.neuronLoss
  ) return undefined;
  const description = neurons.describe();
  if (description.initialW !== undefined || description.storeV) return undefined;
  const classes = layer.outputs;
  const { parameter, kernels, values, workgroups } = cutEventLinear(compilation, input, layer);
  const equations = neuronEquations(description);
  // Else no workgroup has all outputs of a sample.
  const reports = gpu.preset.sharesSamples && values.parts === 1;
  const share = loss.neuronLoss({ batchSize, timeSteps, classes });
  const fired = compilation.buffer(timeWords(timeSteps) * batchSize * classes * 4, "spikes");
  const counts = compilation.buffer(batchSize * classes * 4, "spike counts");
  const kernel = await gpu.compile({
    name: "linear/event_step",
    texts: [...equations.texts, share.wgsl, kernels.step],
    values: joinValues({
      "the neurons": equations.values,
      [`the loss ${loss.name}`]: share.values,
      "the layer": { ...values, reports },
    }),
  });
  const { spikes } = input;
  const { values: parameters, gradient, copies } = parameter;
  compilation.add(
    "forward",
    await kernel.bind(
      { step, samples, pixels, spikes, parameters, fired, counts, gradient, metrics },
      workgroups(copies),
    ),
  );
  const output: SpikeSignal = { kind: "spikes", features: classes, spikes: fired, counts };
  const backward = () => Promise.resolve(undefined);
  let signal: Signal = input;
  const compiled = layers.map((each) => {
    if (!(each instanceof Flatten)) signal = output;
    return { output: signal, backward, ...each === layer ? { parameter } : {} };
  });
  return { layers: compiled, reports };
}
