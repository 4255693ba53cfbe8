import * as lib from "../../../kernels/lib/mod.ts";
import * as parallel from "../../../kernels/parallel/mod.ts";
import { denseBytes } from "../../core/dense.ts";
import type { CompiledLayer } from "../../core/layer.ts";
import { reader } from "../../core/readers.ts";
import type { Scope } from "../../core/scope.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Signal, SpikeSignal } from "../../core/signal.ts";
import { timeQuads, timeWords } from "../../core/time.ts";
import { READER_STEP, stored } from "../../feeds/stored.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import { checkRounds } from "../../gpu/rounds.ts";
import type { Surrogate } from "../../surrogate/surrogate.ts";
import { observeSpikes } from "../observe.ts";
import { addBackward } from "./backward.ts";
import type { ParallelSetup } from "./setup.ts";
import { LAMBDA, LEARNED, type ParallelWeights } from "./weights.ts";

/** Lanes of a workgroup in `kernels/parallel/*.wgsl`. */
const LANES = 64;
/** Quads of charges, or of inputs, that a lane keeps in registers: 8 / TILE is whole. */
const TILE = 4;

/** A layer of parallel neurons, as it is compiled. */
export interface ParallelDescription extends ParallelWeights {
  /** The kind of neuron. */
  readonly name: string;
  /** The surrogate gradient of a spike. */
  readonly surrogate: Surrogate;
}

/**
 * Adds the kernels of a layer of parallel neurons to a program.
 *
 * @param scope The layer's view of the program.
 * @param signal What comes in, `[T, batch, ...shape]`.
 * @param description The neurons.
 * @returns Their spikes, and how gradients go back.
 */
export async function compileParallel(
  scope: Scope,
  signal: Signal,
  description: ParallelDescription,
): Promise<CompiledLayer> {
  const { gpu, batchSize, timeSteps, mode } = scope;
  const { name, kind, order } = description;
  const input = await stored(scope, signal);
  const { shape } = input;
  const size = sizeOf(shape);
  const neurons = batchSize * size;
  const quads = timeQuads(timeSteps);
  checkRounds(gpu.preset, `${name} neurons`, Math.ceil(quads / TILE) * (quads + 1));
  const parameter = scope.parameter(LEARNED);
  const lambda = kind === "masked" ? { lambda: scope.state(LAMBDA) } : {};
  const matrix = scope.buffer(quads * (4 * quads + 1) * 16, "matrix");
  // What they are charged to is read on the way back, and looked at in recordings.
  const charges = mode === "infer"
    ? undefined
    : scope.buffer(denseBytes(timeSteps, neurons), "charges");
  const x = reader("x", input, scope);
  const setup: ParallelSetup = {
    ...{ scope, input, charges, parameter, matrix, lambda, surrogate: description.surrogate },
    values: {
      ...{ neurons, size, quads, order, steps: timeSteps, tile: Math.min(TILE, quads) },
      masked: kind === "masked",
      slides: kind === "sliding",
      banded: kind === "sliding",
      reach: Math.ceil((Math.min(order, timeSteps) - 1) / 4),
      uniformMatrix: gpu.readsUniform(matrix.size),
      textureReads: gpu.readsTextures(denseBytes(timeSteps, neurons), { once: quads <= TILE }),
    },
    reads: {
      texts: [lib.batch, READER_STEP, x.text, parallel.ends, parallel.input],
      resources: x.resources,
    },
  };
  const output: SpikeSignal = {
    kind: "spikes",
    shape,
    over: "time",
    spikes: scope.buffer(timeWords(timeSteps) * neurons * 4, "spikes"),
    counts: scope.buffer(neurons * 4, "spike counts"),
    ...charges && mode === "record" ? { traces: { v: charges } } : {},
  };
  const { values, reads } = setup;
  await scope.run("forward", {
    name: `parallel/matrix (${name})`,
    texts: [parallel.mask, parallel.matrix],
    values,
    resources: { parameters: parameter.values, matrix, ...lambda },
    workgroups: workgroupsFor(quads * (4 * quads + 1), LANES),
  });
  await scope.run("forward", {
    name: `parallel/forward (${name})`,
    texts: [...reads.texts, parallel.readMatrix, parallel.forward],
    values: { ...values, keeps: charges !== undefined },
    resources: {
      ...reads.resources,
      matrix,
      spikes: output.spikes,
      counts: output.counts,
      ...charges ? { charges } : {},
    },
    workgroups: workgroupsFor(neurons, LANES),
  });
  await observeSpikes(scope, name, output);
  return { output, backward: (gradient, needed) => addBackward(setup, gradient, needed) };
}
