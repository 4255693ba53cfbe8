import * as linear from "../../../kernels/linear/mod.ts";
import { denseBytes } from "../../core/dense.ts";
import type { Parameter, Scope } from "../../core/scope.ts";
import type { EventSignal, NumberSignal } from "../../core/signal.ts";
import { type EventTime, eventTime, timeQuads } from "../../core/time.ts";
import type { Variant } from "../../core/variant.ts";
import type { Preset } from "../../gpu/preset.ts";
import { LOOP_ROUNDS } from "../../gpu/rounds.ts";
import type { TemplateValues } from "../../gpu/template.ts";
import { linearParameters, type LinearShape } from "./parameters.ts";

/** Workgroups that add up a gradient at most: as many keep a GPU busy, and each has a copy. */
const GRADIENT_GROUPS = 256;

/** A Linear layer that reads spike events, cut for a program. */
export interface EventLinear {
  /** What it learns. */
  readonly parameter: Parameter;
  /** WGSL of its kernels. */
  readonly kernels: EventKernels;
  /** Values of its kernels. */
  readonly values: TemplateValues;
  /** Workgroups for each of `rows` samples or copies, and each of `blocks` of time steps. */
  readonly workgroups: (rows: number, blocks?: number) => [number, number, number];
}

/** The kernels of a Linear layer on spike events. */
interface EventKernels {
  readonly forward: string;
  readonly gradient: string;
  readonly step: string;
}

/** How the outputs and the gradient of a Linear layer are cut. */
interface Cut extends Pick<EventLinear, "kernels" | "workgroups"> {
  /** Outputs that a lane, or a workgroup, computes. */
  readonly own: number;
  /** Copies of the gradient. */
  readonly copies: number;
  /** Lanes of a workgroup. */
  readonly lanes: number;
}

/**
 * Cuts a Linear layer that reads spike events.
 *
 * @param scope The layer's view of the program.
 * @param input The events.
 * @param layer The layer.
 * @returns The layer's share of each kernel's values.
 */
export function cutEventLinear(
  scope: Scope,
  input: EventSignal,
  layer: LinearShape,
): EventLinear {
  const { gpu, batchSize, timeSteps } = scope;
  const { preset } = gpu;
  const { outputs } = layer;
  const time = eventTime(timeSteps);
  const { own, copies, lanes, kernels, workgroups } = preset.sharesSamples
    ? cutForWorkgroups(preset, outputs, batchSize)
    : cutForLanes(scope, input, layer);
  const { parameter, values } = linearParameters(scope, layer, copies);
  return {
    parameter,
    kernels,
    values: {
      ...values,
      ...time,
      steps: timeSteps,
      blockQuads: Math.ceil(time.blockSteps / 4),
      quads: timeQuads(timeSteps),
      batch: batchSize,
      lanes,
      // All of most images, where there is memory for it.
      staged: gpu.device.limits.maxComputeWorkgroupStorageSize >= 1 << 15 ? 2 : 1,
      capacity: input.capacity,
      parts: Math.ceil(outputs / own),
      own,
      exact: outputs % own === 0,
      copies,
      copyStride: 4 * values.parameterQuads,
      selectsSpikes: preset.selectsSpikes,
      textureReads: gpu.readsTextures(parameter.values.size),
    },
    workgroups,
  };
}

/** A lane takes a sample and some of the outputs: all it needs is in its registers. */
function cutForLanes(
  { gpu, batchSize, timeSteps }: Scope,
  input: EventSignal,
  { inputs, outputs }: LinearShape,
): Cut {
  const { preset } = gpu;
  const { lanes } = preset;
  const time = eventTime(timeSteps);
  const parts = Math.ceil(outputs / outputsOfLane(preset, outputs, time));
  const own = Math.ceil(outputs / parts);
  // It clears its copy first; then, at most, for each sample.
  const samples = Math.floor((LOOP_ROUNDS - inputs) / (sampleRounds(input, time) + own));
  return {
    own,
    copies: Math.min(batchSize, Math.max(preset.gradientCopies, Math.ceil(batchSize / samples))),
    lanes,
    kernels: {
      forward: linear.forwardEvents,
      gradient: linear.gradientEvents,
      step: linear.eventStep,
    },
    workgroups: (rows, blocks = 1) => [Math.ceil(rows * parts / lanes), blocks, 1],
  };
}

/** Rounds of a lane's loops for a sample, all of whose places have events: forward, and back one by one. */
function sampleRounds({ capacity }: EventSignal, { blocks }: EventTime): number {
  return blocks * (capacity / 4 + capacity / 4 + capacity + 1);
}

/**
 * Whether a lane can read what a sample has at most.
 *
 * @param scope The layer's view of the program.
 * @param input The events.
 * @param layer The layer.
 * @returns Whether its loops end by themselves.
 */
export function fitsEvents(
  { gpu, timeSteps }: Scope,
  input: EventSignal,
  { inputs, outputs }: LinearShape,
): boolean {
  if (gpu.preset.sharesSamples) return true;
  return inputs + sampleRounds(input, eventTime(timeSteps)) + outputs <= LOOP_ROUNDS;
}

/**
 * How many outputs a lane takes: of few of them as many as leave two cores a vector of lanes each, so that the
 * tutorial's step takes 2.8 instead of 3.8 ms on vectors of 512 bits (Zen 4); more of many where there are few time
 * steps.
 */
function outputsOfLane(
  { outputsPerLane, gradientCopies, lanes }: Preset,
  outputs: number,
  time: EventTime,
): number {
  if (outputs < 64) {
    return Math.min(outputsPerLane, Math.ceil(outputs * gradientCopies / (2 * lanes)));
  }
  const most = Math.floor(100 * outputsPerLane / time.blockSteps);
  return most < 4 ? outputsPerLane : Math.min(16, most - most % 4);
}

/** A workgroup takes a sample and some of the outputs: its lanes share them. */
function cutForWorkgroups(preset: Preset, outputs: number, batchSize: number): Cut {
  // Whole vectors, where a row of weights has them.
  const unit = outputs % 4 === 0 ? 4 : 1;
  const parts = Math.ceil(outputs / preset.outputsPerLane);
  const own = unit * Math.ceil(outputs / (unit * parts));
  return {
    own,
    copies: Math.min(batchSize, Math.ceil(GRADIENT_GROUPS / parts)),
    lanes: preset.lanes,
    kernels: {
      forward: linear.workgroupForwardEvents,
      gradient: linear.workgroupGradientEvents,
      step: linear.workgroupEventStep,
    },
    workgroups: (rows, blocks = 1) => [rows, Math.ceil(outputs / own), blocks],
  };
}

/** A Linear layer that reads spike events as they are: places that never spike cost nothing. */
export const linearEvents: Variant<LinearShape> = {
  name: "events",
  fits: (layer, input, scope) => input.kind === "events" && fitsEvents(scope, input, layer),
  async compile(layer, input, scope) {
    const events = input as EventSignal;
    const { batchSize, timeSteps } = scope;
    const { parameter, kernels, values, workgroups } = cutEventLinear(scope, events, layer);
    const bytes = denseBytes(timeSteps, batchSize * layer.outputs);
    const current = scope.buffer(bytes, "current");
    const output: NumberSignal = {
      kind: "numbers",
      shape: [layer.outputs],
      over: "time",
      values: current,
    };
    const { entries, spikes } = events;
    const resources = { parameters: parameter.values, entries, spikes };
    await scope.run("forward", {
      name: "linear/forward_events",
      texts: [kernels.forward],
      values,
      resources: { ...resources, current },
      workgroups: workgroups(batchSize, eventTime(timeSteps).blocks),
    });
    return {
      output,
      async backward(outputGradient) {
        const { gradient, copies } = parameter;
        await scope.run("backward", {
          name: "linear/gradient_events",
          texts: [kernels.gradient],
          values,
          resources: {
            ...resources,
            current_gradient: outputGradient.values!.buffer,
            gradient,
          },
          workgroups: workgroups(copies),
        });
        return undefined;
      },
    };
  },
};
