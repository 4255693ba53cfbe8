import { linear } from "../../kernels/mod.ts";
import type { TemplateValues } from "../gpu/template.ts";
import type { Compilation, Parameter } from "../signal/compilation.ts";
import type { DenseSignal, EventSignal, SignalGradient } from "../signal/signal.ts";
import { denseBytes } from "../signal/dense.ts";
import { type EventTime, eventTime, timeQuads } from "../signal/time.ts";
import type { CompiledLayer } from "./layer.ts";
import type { Linear } from "./linear.ts";
import { createLinearParameter } from "./linear_parameter.ts";

/** A Linear layer that reads spike events, cut for a plan. */
export interface EventLinear {
  /** What it learns. */
  readonly parameter: Parameter;
  /** Values of its kernels. */
  readonly values: TemplateValues;
  /** Workgroups that take a lane for each of `rows` samples or copies and each of its parts. */
  readonly workgroups: (rows: number) => number;
}

/**
 * Cuts a Linear layer that reads spike events, and makes its parameter.
 *
 * @param compilation The plan in the making.
 * @param input The events.
 * @param layer The layer.
 * @returns The layer's share of each kernel's values.
 */
export function cutEventLinear(
  compilation: Compilation,
  input: EventSignal,
  layer: Linear,
): EventLinear {
  const { gpu, batchSize, timeSteps } = compilation;
  const { outputs } = layer;
  const { gradientCopies } = gpu.preset;
  const time = eventTime(timeSteps);
  const parts = Math.ceil(outputs / outputsOfLane(gpu.preset.outputsPerLane, outputs, time));
  const copies = Math.min(batchSize, gradientCopies);
  const { parameter, values } = createLinearParameter(compilation, layer, copies);
  return {
    parameter,
    values: {
      ...values,
      ...time,
      steps: timeSteps,
      blockQuads: Math.ceil(time.blockSteps / 4),
      quads: timeQuads(timeSteps),
      batch: batchSize,
      lanes: gpu.preset.lanes,
      capacity: input.capacity,
      parts,
      own: Math.ceil(outputs / parts),
      exact: outputs % parts === 0,
      copies,
      copyStride: 4 * values.parameterQuads,
      selectsSpikes: gpu.preset.selectsSpikes,
      textureReads: gpu.readsTextures(parameter.values.size),
    },
    workgroups: (rows) => Math.ceil(rows * parts / gpu.preset.lanes),
  };
}

/** A lane of a layer of many outputs takes more of them where there are few time steps. */
function outputsOfLane(least: number, outputs: number, time: EventTime): number {
  if (outputs < 64) return least;
  const most = Math.floor(100 * least / time.blockSteps);
  return most < 4 ? least : Math.min(16, most - most % 4);
}

/**
 * Adds a Linear layer that reads spike events to a plan.
 *
 * @param compilation The plan in the making.
 * @param input Spike events `[T, batch, inputs]`.
 * @param layer The layer.
 * @returns A dense signal `[T, batch, outputs]`.
 */
export async function compileEventLinear(
  compilation: Compilation,
  input: EventSignal,
  layer: Linear,
): Promise<CompiledLayer> {
  const { gpu, batchSize, timeSteps, samples, pixels } = compilation;
  const { parameter, values, workgroups } = cutEventLinear(compilation, input, layer);
  const { spikes } = input;
  const bytes = denseBytes(timeSteps, batchSize * layer.outputs);
  const current = compilation.buffer(bytes, "current");
  const output: DenseSignal = { kind: "dense", features: layer.outputs, values: current };
  const forward = await gpu.compile({
    name: "linear/forward_events",
    texts: [linear.forwardEvents],
    values,
  });
  const resources = { parameters: parameter.values, samples, pixels, spikes };
  compilation.add(
    "forward",
    await forward.bind({ ...resources, current }, [
      workgroups(batchSize),
      eventTime(timeSteps).blocks,
    ]),
  );
  return {
    output,
    parameter,
    async backward(outputGradient: SignalGradient) {
      const kernel = await gpu.compile({
        name: "linear/gradient_events",
        texts: [linear.gradientEvents],
        values,
      });
      const { gradient, copies } = parameter;
      const current_gradient = outputGradient.values;
      compilation.add(
        "backward",
        await kernel.bind({ ...resources, current_gradient, gradient }, [workgroups(copies)]),
      );
      return undefined;
    },
  };
}
