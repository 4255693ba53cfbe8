import * as kernels from "../../kernels/input/mod.ts";
import * as lib from "../../kernels/lib/mod.ts";
import { denseBytes } from "../core/dense.ts";
import { reader, writer } from "../core/readers.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import { type NumberSignal, reshaped, type Signal, type StoredSignal } from "../core/signal.ts";
import { timeQuads } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import { storeBytes, storeEvents } from "./storing.ts";

/** Lanes of a workgroup in `kernels/input/numbers.wgsl`. */
const LANES = 64;

/**
 * A signal in buffers, whatever it is: so that every layer needs to read stored signals only, and any
 * layer can be the first of a network.
 *
 * @param scope Whose program stores it.
 * @param signal The signal.
 * @returns The same signal, stored: itself, if it is; events as spikes, bytes as constant numbers.
 */
export async function stored(scope: Scope, signal: Signal): Promise<StoredSignal> {
  if (signal.kind === "numbers" || signal.kind === "spikes") return signal;
  if (signal.kind === "bytes") return await storeBytes(scope, signal);
  const events = signal.kind === "events" ? signal : await signal.listed();
  return reshaped(await storeEvents(scope, events), signal.shape);
}

/**
 * A stored signal as numbers, such as the current of neurons that get spikes.
 *
 * @param scope Whose program stores it.
 * @param signal The signal.
 * @returns The same signal: itself, if it is numbers; spikes as numbers over time.
 */
export async function numbers(scope: Scope, signal: StoredSignal): Promise<NumberSignal> {
  if (signal.kind === "numbers") return signal;
  const { batchSize, timeSteps } = scope;
  const size = sizeOf(signal.shape);
  const quads = timeQuads(timeSteps);
  const output: NumberSignal = {
    kind: "numbers",
    shape: signal.shape,
    over: "time",
    values: scope.buffer(denseBytes(timeSteps, batchSize * size), "numbers"),
  };
  const input = reader("spikes", signal, scope);
  const target = writer("values", output, scope);
  await scope.run("forward", {
    name: "input/numbers",
    texts: [lib.batch, READER_STEP, input.text, target.text, kernels.numbers],
    values: { numbers: batchSize * size, size, quads },
    resources: { ...input.resources, ...target.resources },
    workgroups: workgroupsFor(batchSize * size * quads, LANES),
  });
  return output;
}

/**
 * Turns the gradient of what was read of a signal into that of the signal itself. They differ for spikes
 * after dropout, which count more than 1 where it is computed.
 *
 * @param scope Whose program computes it.
 * @param signal The signal that was read.
 * @param gradient The gradient, which is changed in place.
 */
export async function scaleGradient(
  scope: Scope,
  signal: StoredSignal,
  gradient: GPUBuffer,
): Promise<void> {
  const factor = signal.kind === "spikes" ? signal.scale ?? 1 : 1;
  if (factor === 1) return;
  const quads = gradient.size / 16;
  await scope.run("backward", {
    name: "input/scale",
    texts: [kernels.scale],
    values: { quads, factor },
    resources: { values: gradient },
    workgroups: workgroupsFor(quads, LANES),
  });
}

/** What the reader of spikes after dropout needs: see {@linkcode reader}. */
export const READER_STEP = "#binding var<uniform> step: Step;";
