import { type Layer, noteWork } from "../core/layer.ts";
import type { Loss } from "../core/loss.ts";
import type { Scope } from "../core/scope.ts";
import type { EventSignal, SpikeSignal } from "../core/signal.ts";
import { eventTime, timeWords } from "../core/time.ts";
import type { FusedNetwork, Fusion } from "../core/variant.ts";
import { joinValues } from "../gpu/template.ts";
import { Flatten } from "../layers/flatten.ts";
import { cutEventLinear, fitsEvents } from "../layers/linear/events.ts";
import { Linear } from "../layers/linear/linear.ts";
import { Sequential } from "../layers/sequential.ts";
import { fitsOneKernel, neuronEquations } from "../neurons/pair/equations.ts";
import { NeuronLayer } from "../neurons/neuron_layer.ts";
import { observeSpikes } from "../neurons/observe.ts";

/** A layer and where it stands. */
interface Node {
  readonly layer: Layer;
  readonly scope: Scope;
}

/** A Linear layer on spike events and its neurons. */
interface Pair {
  readonly linear: Linear;
  readonly neurons: NeuronLayer;
  readonly linearScope: Scope;
  readonly neuronScope: Scope;
}

/**
 * A network of a Linear layer on spike events and neurons (and Flatten layers, which do nothing) as one
 * kernel that does all from the current to the gradient: no signal between ever reaches memory. Worth 4x
 * on llvmpipe for the tutorial's network (`bench/step_bench.ts`).
 */
export const eventStep: Fusion = {
  name: "one kernel a step",
  match(network, input, loss, scope) {
    const pair = pairOf(network, scope);
    if (
      !pair || input.kind !== "events" || scope.mode === "record" ||
      eventTime(scope.timeSteps).blocks > 1 || scope.lengths ||
      !fitsEvents(scope, input, pair.linear)
    ) return undefined;
    if (!fitsOneKernel(pair.neurons.describe())) return undefined;
    if (scope.mode === "train" && !loss?.neuronLoss) return undefined;
    return () => compileStep(pair, input, loss);
  },
};

/** The network's layers, those in containers as well. */
function nodesOf(layer: Layer, scope: Scope): Node[] {
  if (!(layer instanceof Sequential)) return [{ layer, scope }];
  return layer.layers.flatMap((inner, i) => nodesOf(inner, scope.child(String(i))));
}

function pairOf(network: Layer, scope: Scope): Pair | undefined {
  const [linear, neurons, ...others] = nodesOf(network, scope)
    .filter(({ layer }) => !(layer instanceof Flatten));
  if (others.length > 0 || !linear || !neurons) return undefined;
  if (!(linear.layer instanceof Linear) || !(neurons.layer instanceof NeuronLayer)) {
    return undefined;
  }
  return {
    linear: linear.layer,
    neurons: neurons.layer,
    linearScope: linear.scope,
    neuronScope: neurons.scope,
  };
}

async function compileStep(
  { linear, neurons, linearScope, neuronScope }: Pair,
  input: EventSignal,
  loss: Loss | undefined,
): Promise<FusedNetwork> {
  const { gpu, batchSize, timeSteps, metrics, mode } = neuronScope;
  const learns = mode === "train";
  const classes = linear.outputs;
  const { parameter, kernels, values, workgroups } = cutEventLinear(linearScope, input, linear);
  const equations = neuronEquations(neurons.describe(), { features: classes });
  // Else no workgroup has all outputs of a sample.
  const reports = learns && gpu.preset.sharesSamples && values["parts"] === 1;
  const share = learns
    ? loss!.neuronLoss!({ batchSize, timeSteps, classes })
    : { wgsl: "", values: {} };
  const fired = neuronScope.buffer(timeWords(timeSteps) * batchSize * classes * 4, "spikes");
  const counts = neuronScope.buffer(batchSize * classes * 4, "spike counts");
  const { entries, spikes } = input;
  await neuronScope.run("forward", {
    name: "linear/event_step",
    texts: [...equations.texts, share.wgsl, kernels.step],
    values: joinValues({
      "the neurons": equations.values,
      [`the loss ${loss?.name}`]: share.values,
      "the layer": { ...values, reports, learns },
    }),
    resources: {
      entries,
      spikes,
      parameters: parameter.values,
      fired,
      counts,
      ...learns ? { gradient: parameter.gradient } : {},
      metrics,
    },
    workgroups: workgroups(parameter.copies),
  });
  const output: SpikeSignal = {
    kind: "spikes",
    shape: [classes],
    over: "time",
    spikes: fired,
    counts,
  };
  noteWork(linearScope, linear, input);
  noteWork(neuronScope, neurons, { shape: [classes] });
  neuronScope.trace(neurons.kind, output);
  linearScope.chose(eventStep.name);
  neuronScope.chose(eventStep.name);
  await observeSpikes(neuronScope, neurons.kind, output);
  return { output, reports };
}
