import type { CompiledLayer } from "../core/layer.ts";
import type { Parameter, Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { Gradient, NumberSignal, Signal, SpikeSignal } from "../core/signal.ts";
import type { Declarations } from "../core/tensor_spec.ts";
import { numbers, stored } from "../feeds/stored.ts";
import { workgroupsFor } from "../gpu/kernel.ts";
import type { NeuronModel } from "./neuron_model.ts";
import { observeSpikes } from "./observe.ts";
import { learnedOf, neuronEquations } from "./pair/equations.ts";
import {
  bindNeurons,
  compileLearnedGradient,
  compileNeuronBackward,
  compileNeuronForward,
  LANES,
  neuronBytes,
  type NeuronRun,
} from "./pair/pair.ts";

/** The name by which the learned numbers of a layer are asked for. */
const LEARNED = "learned";

/**
 * Declares what neurons learn.
 *
 * @param declarations Where to.
 * @param model The neurons.
 */
export function declareLearned(declarations: Declarations, model: NeuronModel): void {
  const learned = learnedOf(model);
  if (learned.length === 0) return;
  const tensors = learned.map(({ learned: name, initial }) => [name, {
    shape: typeof initial === "number" ? [] : [initial.length],
    init: () => typeof initial === "number" ? Float32Array.of(initial) : Float32Array.from(initial),
  }]);
  declarations.parameters(LEARNED, { tensors: Object.fromEntries(tensors) });
}

/**
 * Adds the kernels of a layer of neurons to a program.
 *
 * @param scope The layer's view of the program.
 * @param signal The current `[T, batch, ...shape]`.
 * @param model The neurons.
 * @returns Their spikes or, of neurons that don't fire, their potentials `[T, batch, ...shape]`; the gradient
 * is written over the current.
 */
export async function compileNeurons(
  scope: Scope,
  signal: Signal,
  model: NeuronModel,
): Promise<CompiledLayer> {
  const input = await numbers(scope, await stored(scope, signal));
  const { gpu, batchSize, timeSteps, mode } = scope;
  const features = sizeOf(input.shape);
  const fires = model.firing !== undefined;
  const stores = { ...model, storeV: model.storeV || mode === "record" || !fires };
  const run: NeuronRun = {
    neurons: batchSize * features,
    features,
    timeSteps,
    constantCurrent: input.over === "constant",
    storeOthers: mode === "record" && model.state.length > 1,
  };
  const bytes = neuronBytes(run, model.state.length);
  const { each, learned } = neuronEquations(model, features);
  const parameter = learned.length > 0 ? scope.parameter(LEARNED) : undefined;
  const shared = {
    current: input.values,
    ...bytes.checkpoints > 0 ? { checkpoints: scope.buffer(bytes.checkpoints, "checkpoints") } : {},
    ...each.length > 0 ? { constants: constantsOf(scope, each) } : {},
    ...parameter ? { learned: parameter.values } : {},
  };
  const potential = stores.storeV ? scope.buffer(bytes.quads, "potential") : undefined;
  const others = run.storeOthers
    ? model.state.slice(1).map((name) => scope.buffer(bytes.quads, `trace of ${name}`))
    : [];
  const output = fires
    ? spikesOf(scope, input, model, bytes, [potential, ...others])
    : { kind: "numbers" as const, shape: input.shape, over: "time" as const, values: potential! };
  const forward = await compileNeuronForward(gpu, stores, run);
  scope.add(
    "forward",
    await bindNeurons(gpu, forward, {
      ...shared,
      ...output.kind === "spikes" ? { spikes: output.spikes, counts: output.counts } : {},
      ...potential ? { potential } : {},
      ...Object.fromEntries(others.map((buffer, i) => [`trace_${i + 1}`, buffer])),
    }, run),
  );
  if (output.kind === "spikes") await observeSpikes(scope, model.kind, output);
  return {
    output,
    backward: (gradient) =>
      backward({ scope, model: stores, run, shared, input, parameter }, gradient),
  };
}

/** Constants of each neuron on the device. */
function constantsOf({ gpu, buffer }: Scope, each: Float32Array<ArrayBuffer>): GPUBuffer {
  const constants = buffer(each.byteLength, "constants");
  gpu.write(constants, each);
  return constants;
}

/** The spikes of a layer, with the variables of its state that are kept. */
function spikesOf(
  scope: Scope,
  { shape }: NumberSignal,
  { state }: NeuronModel,
  bytes: { readonly spikes: number; readonly counts: number },
  kept: readonly (GPUBuffer | undefined)[],
): SpikeSignal {
  const traces = kept.flatMap((buffer, i) => buffer ? [[state[i]!, buffer] as const] : []);
  return {
    kind: "spikes",
    shape,
    over: "time",
    spikes: scope.buffer(bytes.spikes, "spikes"),
    counts: scope.buffer(bytes.counts, "spike counts"),
    ...traces.length > 0 ? { traces: Object.fromEntries(traces) } : {},
  };
}

/** A layer that was compiled forward. */
interface Compiled {
  readonly scope: Scope;
  readonly model: NeuronModel;
  readonly run: NeuronRun;
  readonly shared: Readonly<Record<string, GPUBuffer>>;
  readonly input: NumberSignal;
  readonly parameter: Parameter | undefined;
}

/** Adds the way back: from the gradients of spikes and potentials to that of the current. */
async function backward(
  { scope, model, run, shared, input, parameter }: Compiled,
  { values, traces }: Gradient,
): Promise<Gradient> {
  const { gpu } = scope;
  if (values?.over === "summed") {
    throw new TypeError("Cannot take the gradient of spikes from that of a constant signal");
  }
  const incoming = values &&
    {
      form: values.over === "time" ? "dense" as const : "constant" as const,
      buffer: values.buffer,
    };
  const fires = model.firing !== undefined;
  const spikes = fires ? incoming : undefined;
  const v = fires ? traces?.["v"] && { form: "dense" as const, buffer: traces["v"] } : incoming;
  const kernel = await compileNeuronBackward(gpu, model, run, {
    ...spikes ? { spikes: spikes.form } : {},
    ...v ? { v: v.form } : {},
  });
  const learned = learnedOf(model);
  const shares = learned.length > 0
    ? scope.buffer(learned.length * run.neurons * 4, "shares of learned constants")
    : undefined;
  scope.add(
    "backward",
    await bindNeurons(gpu, kernel, {
      ...shared,
      ...spikes ? { spike_gradient: spikes.buffer } : {},
      ...v ? { v_gradient: v.buffer } : {},
      ...shares ? { shares } : {},
    }, run),
  );
  if (parameter && shares) {
    for (const [place, range] of learned.entries()) {
      const sum = await compileLearnedGradient(gpu, run, range, place);
      const resources = { shares, learned: parameter.values, gradient: parameter.gradient };
      const groups = range.length > 1 ? workgroupsFor(range.length, LANES) : [1] as [number];
      scope.add("backward", await sum.bind(resources, groups));
    }
  }
  return {
    values: { over: run.constantCurrent ? "summed" : "time", buffer: input.values },
  };
}
