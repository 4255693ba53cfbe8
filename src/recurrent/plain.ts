import { includes } from "../../kernels/includes.ts";
import * as recurrent from "../../kernels/recurrent/mod.ts";
import type { Phase, Scope } from "../core/scope.ts";
import type { Variant } from "../core/variant.ts";
import { sequence, workgroupsFor } from "../gpu/dispatch.ts";
import type { TemplateValues } from "../gpu/template.ts";
import { stateOf } from "../neurons/model.ts";
import { gradientTexts } from "../neurons/pair/compile.ts";
import { firstStateText, stateBytes } from "../neurons/pair/state.ts";
import { gradientResources, gradientValues, loopValues } from "./loop.ts";
import { compileRecurrent, type Loop, type RecurrentSetup, type RecurrentShape } from "./setup.ts";

/** Lanes of a workgroup in `kernels/recurrent/{forward,backward}.wgsl`. */
const LANES = 64;
/** Bytes from one time step's record to the next, as WebGPU has it for parts of a uniform buffer. */
const RECORD_STRIDE = 256;

/** A kernel of a time step. */
interface StepKernel {
  readonly name: string;
  readonly texts: readonly string[];
  readonly values: TemplateValues;
  readonly resources: Readonly<Record<string, GPUBuffer>>;
  /** How many neurons all samples have. */
  readonly neurons: number;
}

/** Each time step is a dispatch, in which a lane simulates a neuron: for layers of any size. */
export const recurrentPlain: Variant<RecurrentShape> = {
  name: "a dispatch a time step",
  fits: () => true,
  compile: (layer, input, scope) => compileRecurrent(layer, input, scope, addLoop),
};

async function addLoop(setup: RecurrentSetup): Promise<Loop> {
  const { scope, description, features, current, total, output, parameter, constants } = setup;
  const { batchSize, timeSteps } = scope;
  const neurons = batchSize * features;
  const variables = stateBytes(stateOf(description).length);
  const states = scope.buffer((total ? timeSteps : 1) * neurons * variables, "states");
  const times = timesOf(scope);
  const shared = { parameters: parameter.values, states, ...constants };
  await addSteps(scope, "forward", times, {
    name: `recurrent/forward (${description.kind})`,
    texts: [
      ...setup.equations.texts,
      firstStateText(description, false),
      recurrent.forward,
    ],
    values: loopValues(setup, {
      constantCurrent: current.over === "constant",
      keeps: total !== undefined,
    }),
    resources: {
      ...shared,
      current: current.values,
      ...total ? { total: total.values } : {},
      spikes: output.spikes,
      counts: output.counts,
    },
    neurons,
  });
  return {
    backward: (gradients) =>
      addSteps(scope, "backward", times, {
        name: `recurrent/backward (${description.kind})`,
        texts: [
          ...setup.equations.texts,
          ...gradientTexts(
            description,
            Object.keys(gradients.traces),
            gradients.shares !== undefined,
          ),
          recurrent.backward,
        ],
        values: loopValues(setup, gradientValues(setup, gradients)),
        resources: {
          ...shared,
          total: total!.values,
          state_gradients: scope.buffer(neurons * variables, "state gradients"),
          ...gradientResources(gradients),
        },
        neurons,
      }),
  };
}

/** A record of each time step: which it is. */
function timesOf({ gpu, timeSteps, buffer }: Scope): GPUBuffer {
  const records = new Uint32Array(timeSteps * RECORD_STRIDE / 4);
  for (let t = 0; t < timeSteps; t++) records[t * RECORD_STRIDE / 4] = t;
  const times = buffer(records.byteLength, "time steps");
  gpu.write(times, records);
  return times;
}

/** Adds a dispatch of a kernel for each time step, on the way back the last one first. */
async function addSteps(
  { gpu, timeSteps, lengths, add }: Scope,
  phase: Phase,
  times: GPUBuffer,
  { name, texts, values, resources, neurons }: StepKernel,
): Promise<void> {
  const kernel = await gpu.compile({ name, texts, values, includes });
  const workgroups = workgroupsFor(neurons, LANES);
  const steps = await Promise.all(
    Array.from({ length: timeSteps }, (_, t) => {
      const time = { buffer: times, offset: t * RECORD_STRIDE, size: 4 };
      return kernel.bind({ ...resources, time, ...lengths ? { lengths } : {} }, workgroups);
    }),
  );
  add(phase, sequence(name, phase === "forward" ? steps : steps.reverse()));
}
