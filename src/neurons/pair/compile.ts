import { includes } from "../../../kernels/includes.ts";
import * as neuron from "../../../kernels/neuron/mod.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import type { Resource } from "../../gpu/bindings.ts";
import { type Dispatch, workgroupsFor } from "../../gpu/dispatch.ts";
import type { Kernel } from "../../gpu/kernel.ts";
import { joinValues } from "../../gpu/template.ts";
import { type NeuronDescription, type NeuronModel, stateOf } from "../model.ts";
import { type NeuronEquations, neuronEquations } from "./equations.ts";
import { learnedTensors } from "./learned.ts";
import {
  LANES,
  neuronBytes,
  type NeuronGradients,
  type NeuronRun,
  readsOf,
  runValues,
} from "./run.ts";
import { bindSlices, type NeuronHost } from "./slices.ts";
import { firstStateText, outputText, traceGradientText, traceText } from "./state.ts";

/**
 * Compiles the forward kernel.
 *
 * @param gpu Where it will run.
 * @param description The neurons.
 * @param run How they are run.
 * @returns The kernel; `kernels/neuron/forward.wgsl` says what it binds.
 */
export function compileNeuronForward(
  gpu: Gpu,
  description: NeuronDescription,
  run: NeuronRun,
): Promise<Kernel> {
  const { texts, values } = equationsOf(description, run);
  const traces = tracesOf(description, run);
  return gpu.compile({
    name: `neuron/forward (${description.kind})`,
    texts: [
      ...texts,
      firstStateText(description, run.keepState ?? false),
      traceText(description, traces),
      neuron.forward,
    ],
    values: joinValues({
      "the neurons": values,
      "the run": runValues(gpu, run),
      "the traces": { traces: traces.length, checkpoints: checkpointBytes(description, run) > 0 },
    }),
    includes,
  });
}

/**
 * Compiles the backward kernel.
 *
 * @param gpu Where it will run.
 * @param description The neurons.
 * @param run How they were run.
 * @param gradients What comes in and goes out.
 * @returns The kernel; `kernels/neuron/backward.wgsl` says what it binds.
 */
export function compileNeuronBackward(
  gpu: Gpu,
  description: NeuronDescription,
  run: NeuronRun,
  gradients: NeuronGradients,
): Promise<Kernel> {
  const { texts, values } = equationsOf(description, run);
  const { output, traces = [], initial = false } = gradients;
  const learned = gradients.learned ? learnedTensors(description) : [];
  return gpu.compile({
    name: `neuron/backward (${description.kind})`,
    texts: [
      ...texts,
      firstStateText(description, run.keepState ?? false),
      outputText(description),
      ...gradientTexts(description, traces, gradients.learned ?? false),
      neuron.backward,
    ],
    values: joinValues({
      "the neurons": values,
      "the run": runValues(gpu, run, gradients),
      "the gradients": {
        constantOutputGradient: output === "constant",
        denseOutputGradient: output === "dense",
        outers: traces.length,
        initialGradient: initial,
        learned: learned.length,
        rebuilds: rebuilds(description),
        remembers: !(description.affine ?? false) || learned.length > 0,
        checkpoints: checkpointBytes(description, run) > 0,
      },
    }),
    includes,
  });
}

/**
 * The WGSL by which a kernel takes gradients of the state, and gives those of what is learned.
 *
 * @param description The neurons.
 * @param traces Which variables' gradients come in.
 * @param learns Whether the gradients of what is learned go out.
 * @returns `outer_K_at` and `add_outer_K` for each variable, `learned_gradient_K` for each tensor.
 */
export function gradientTexts(
  description: NeuronDescription,
  traces: readonly string[],
  learns: boolean,
): string[] {
  const learned = learns ? learnedTensors(description) : [];
  return [
    traceGradientText(description, traces),
    ...learned.map(({ constant }, k) =>
      `fn learned_gradient_${k}(gh: State, s: State, x: f32) -> f32 {
  return ${constant}_gradient(gh, s, x);
}`
    ),
  ];
}

/**
 * Binds a kernel of the pair.
 *
 * @param host Where it will run.
 * @param kernel The kernel.
 * @param resources What it binds.
 * @param run How the neurons are run.
 * @param gradients Of the backward kernel: what it was compiled for.
 * @returns The dispatch.
 */
export function bindNeurons(
  host: NeuronHost,
  kernel: Kernel,
  resources: Readonly<Record<string, Resource>>,
  run: NeuronRun,
  gradients: NeuronGradients = {},
): Promise<Dispatch> {
  const { slices } = readsOf(host.gpu, run, gradients);
  return slices
    ? bindSlices(host, kernel, resources, { slices, lanes: LANES })
    : kernel.bind(resources, workgroupsFor(run.neurons, LANES));
}

/**
 * The equations of neurons in the kernels of a run.
 *
 * @param description The neurons.
 * @param run The run.
 * @returns The equations.
 */
export function equationsOf(description: NeuronDescription, run: NeuronRun): NeuronEquations {
  const { neurons, features = neurons, firstFeature, keepState: storedInitial } = run;
  return neuronEquations(description, { features, firstFeature, storedInitial });
}

/**
 * The state's variables that a run keeps after each step.
 *
 * @param model The neurons.
 * @param run The run.
 * @returns Their names; of neurons that don't fire, the potential is the first.
 */
export function tracesOf({ fires = true, ...model }: NeuronModel, run: NeuronRun): string[] {
  const asked = run.traces ?? [];
  return [...new Set(fires ? asked : [stateOf(model)[0]!, ...asked])];
}

/**
 * Bytes of the checkpoints of a run.
 *
 * @param model The neurons.
 * @param run The run.
 * @returns Bytes; 0 where the backward kernel needs no states.
 */
export function checkpointBytes(model: NeuronModel, run: NeuronRun): number {
  return rebuilds(model) ? neuronBytes(run, stateOf(model).length).checkpoints : 0;
}

/** Whether the backward kernel needs the states of the forward one. */
function rebuilds(model: NeuronModel): boolean {
  const { fires = true, affine = false } = model;
  return fires || !affine || learnedTensors(model).length > 0;
}
