import type { CompiledLayer } from "../core/layer.ts";
import type { Parameter, Scope } from "../core/scope.ts";
import type { Gradient, NumberSignal, Signal } from "../core/signal.ts";
import { sizeOf } from "../core/shape.ts";
import type { Declarations } from "../core/tensor_spec.ts";
import { numbers, scaleGradient, stored } from "../feeds/stored.ts";
import { type NeuronDescription, stateOf } from "./model.ts";
import { observeSpikes } from "./observe.ts";
import { learnedTensors } from "./pair/learned.ts";
import { compilePair, type NeuronPair } from "./pair/pair.ts";

/** The name by which the learned numbers of a layer are asked for. */
const LEARNED = "learned";

/**
 * Declares what neurons learn.
 *
 * @param declarations Where to.
 * @param description The neurons.
 */
export function declareLearned(declarations: Declarations, description: NeuronDescription): void {
  const learned = learnedTensors(description);
  if (learned.length === 0) return;
  const tensors = learned.map(({ name, shape, first }) => [name, { shape, init: () => first }]);
  declarations.parameters(LEARNED, { tensors: Object.fromEntries(tensors) });
}

/**
 * Adds the kernels of a layer of neurons to a program.
 *
 * @param scope The layer's view of the program.
 * @param signal The current `[T, batch, ...shape]`.
 * @param description The neurons.
 * @param options Whether a neuron that fires adds 1 to its own current at the next time step.
 * @returns Their spikes or, of neurons that don't fire, their potentials `[T, batch, ...shape]`; the gradient
 * is written over the current.
 */
export async function compileNeurons(
  scope: Scope,
  signal: Signal,
  description: NeuronDescription,
  { feedback = false }: { readonly feedback?: boolean } = {},
): Promise<CompiledLayer> {
  const own = await stored(scope, signal);
  const input = await numbers(scope, own);
  const { gpu, batchSize, timeSteps, lengths, mode } = scope;
  const features = sizeOf(input.shape);
  const parameter = learnedTensors(description).length > 0 ? scope.parameter(LEARNED) : undefined;
  const recorded = mode === "record" ? stateOf(description) : [];
  const pair = await compilePair(gpu, description, {
    neurons: batchSize * features,
    timeSteps,
    features,
    constantCurrent: input.over === "constant",
    feedback,
    lengths,
    traces: description.storeV && recorded.length === 0 ? ["v"] : recorded,
  }, {
    current: input.values,
    learned: parameter?.values,
    buffer: (bytes, label) => scope.buffer(bytes, label),
  });
  scope.add("forward", pair.forward);
  const output = outputOf(pair, input);
  if (output.kind === "spikes") await observeSpikes(scope, description.kind, output);
  return {
    output,
    async backward(gradient) {
      const back = await backward(scope, pair, { input, parameter, gradient });
      await scaleGradient(scope, own, input.values);
      return back;
    },
  };
}

/** What a layer of neurons gives. */
function outputOf({ fired, traces }: NeuronPair, { shape }: NumberSignal) {
  if (!fired) {
    return {
      kind: "numbers" as const,
      shape,
      over: "time" as const,
      values: Object.values(traces)[0]!,
    };
  }
  return {
    kind: "spikes" as const,
    shape,
    over: "time" as const,
    ...fired,
    ...Object.keys(traces).length > 0 ? { traces } : {},
  };
}

/** Adds the way back: from the gradients of spikes and potentials to that of the current. */
async function backward(
  scope: Scope,
  pair: NeuronPair,
  { input, parameter, gradient: { values, traces } }: {
    readonly input: NumberSignal;
    readonly parameter: Parameter | undefined;
    readonly gradient: Gradient;
  },
): Promise<Gradient> {
  if (values?.over === "summed") {
    throw new TypeError("Cannot take the gradient of neurons from that of a constant signal");
  }
  const dispatches = await pair.backward({
    ...values
      ? { output: { over: values.over === "time" ? "dense" : "constant", buffer: values.buffer } }
      : {},
    traces,
    learned: parameter?.gradient,
  });
  for (const dispatch of dispatches) scope.add("backward", dispatch);
  const over = input.over === "constant" ? "summed" : "time";
  return { values: { over, buffer: input.values } };
}
