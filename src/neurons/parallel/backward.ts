import * as parallel from "../../../kernels/parallel/mod.ts";
import { denseBytes } from "../../core/dense.ts";
import { writer } from "../../core/readers.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Gradient, NumberSignal } from "../../core/signal.ts";
import { timeQuads } from "../../core/time.ts";
import { scaleGradient } from "../../feeds/stored.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import { LOOP_ROUNDS } from "../../gpu/rounds.ts";
import { joinValues } from "../../gpu/template.ts";
import type { ParallelSetup } from "./setup.ts";

/** Lanes of a workgroup in `kernels/parallel/{fire,backward,gradient}.wgsl`. */
const LANES = 64;
/** Quads of charges, and of inputs, whose products a lane adds up, of what is large. */
const TILE = 2;
/** Fewer neurons than so many are small. */
const SMALL = 4096;
/** Lanes that add up the weights' gradient: enough for any device. */
const SUM_LANES = { software: 1 << 8, gpu: 1 << 16 } as const;

/**
 * Adds the way back of parallel neurons.
 *
 * @param setup The layer.
 * @param gradient The gradient of their spikes.
 * @param needed Whether a gradient of the input is needed.
 * @returns That of the input, where it is needed.
 */
export async function addBackward(
  setup: ParallelSetup,
  gradient: Gradient,
  needed: boolean,
): Promise<Gradient | undefined> {
  const { scope, input, matrix, values } = setup;
  const { batchSize, timeSteps } = scope;
  const neurons = batchSize * sizeOf(input.shape);
  const charges = await addFire(setup, gradient);
  await addWeights(setup, charges);
  if (!needed) return undefined;
  const over = input.over;
  const back: NumberSignal = {
    kind: "numbers",
    shape: input.shape,
    over,
    values: scope.buffer(
      over === "time" ? denseBytes(timeSteps, neurons) : 4 * neurons,
      "gradient of the input",
    ),
  };
  const gx = writer("gx", back, scope);
  await scope.run("backward", {
    name: "parallel/backward",
    texts: [parallel.ends, parallel.readMatrix, gx.text, parallel.backward],
    values: { ...values, constantInput: over === "constant" },
    resources: { ...gx.resources, matrix, charge_gradients: charges },
    workgroups: workgroupsFor(Math.ceil(neurons / Number(values["own"])), LANES),
  });
  await scaleGradient(scope, input, back.values);
  return { values: { over: over === "constant" ? "summed" : "time", buffer: back.values } };
}

/** The gradient of the charges, in their place. */
async function addFire(
  { scope, input, charges, surrogate, values }: ParallelSetup,
  { values: outer }: Gradient,
): Promise<GPUBuffer> {
  if (!outer || outer.over === "summed") {
    throw new TypeError(
      "Cannot take the gradient of parallel neurons from that of " +
        (outer ? "a constant signal" : "a potential"),
    );
  }
  const bytes = charges!.size;
  await scope.run("backward", {
    name: `parallel/fire (${surrogate.name})`,
    texts: [surrogate.wgsl, parallel.ends, parallel.fire],
    values: joinValues({
      [`the surrogate "${surrogate.name}"`]: surrogate.parameters,
      "the neurons": {
        neurons: values["neurons"]!,
        steps: values["steps"]!,
        quads: values["quads"]!,
        size: sizeOf(input.shape),
        constantOutputGradient: outer.over === "constant",
        textureReads: scope.gpu.readsTextures(bytes, { once: true }),
      },
    }),
    resources: { charges: charges!, output_gradient: outer.buffer },
    workgroups: workgroupsFor(bytes / 16, LANES),
  });
  return charges!;
}

/** The gradients of weights and bias. */
async function addWeights(
  { scope, input, parameter, lambda, values, reads }: ParallelSetup,
  charges: GPUBuffer,
): Promise<void> {
  const { gpu, batchSize, timeSteps } = scope;
  const neurons = batchSize * sizeOf(input.shape);
  const quads = timeQuads(timeSteps);
  const tile = neurons < SMALL ? 1 : Math.min(TILE, quads);
  const rows = Math.ceil(quads / tile);
  const span = values["banded"]
    ? Math.min(rows, Math.ceil(Number(values["reach"]) / tile) + 1)
    : rows;
  const tiles = rows * span;
  // On GPUs the lanes of a workgroup add up what they have; elsewhere barriers take longer than that.
  const shares = gpu.preset.name === "gpu";
  const lanes = gpu.preset.lanes;
  const wanted = Math.max(
    Math.min(SUM_LANES[gpu.preset.name] / tiles, neurons),
    neurons / LOOP_ROUNDS,
  );
  const groups = Math.ceil(wanted / lanes);
  const copies = shares ? groups : groups * lanes;
  const partials = scope.buffer(copies * quads * (4 * quads + 1) * 16, "gradient parts");
  await scope.run("backward", {
    name: "parallel/weights",
    texts: [...reads.texts, parallel.weights],
    values: {
      ...values,
      ...{ tile, tiles, span, shares, lanes },
      parts: groups * lanes,
      textureReads: gpu.readsTextures(charges.size, { once: rows === 1 }),
    },
    resources: { ...reads.resources, charge_gradients: charges, partials },
    workgroups: workgroupsFor(tiles * groups * lanes, lanes),
  });
  await scope.run("backward", {
    name: "parallel/gradient",
    texts: [parallel.mask, parallel.gradient],
    values: { ...values, learned: parameter.size, copies },
    resources: { partials, gradient: parameter.gradient, ...lambda },
    workgroups: workgroupsFor(parameter.size, LANES),
  });
}
