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
/** Quads of charges, or of inputs, that a lane keeps in registers: parts of 8. */
const TILE = 4;
/**
 * Neurons of a lane on drivers that compute on the processor, where there are enough for all cores: what it loads of the
 * matrix counts for all of them. 65,536 neurons, T 100, go forward in 200 ms with 1, in 90 with 4, in 75 with 8, and
 * those kernels take twice as long to compile (Zen 3, `bench/parallel_bench.ts`).
 */
const OWN = { neurons: 4, from: 4096 };
/** Quads of a lane there where there are fewer neurons: shorter kernels, which take half as long to compile. */
const SMALL_TILE = 2;

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
  const software = gpu.preset.name === "software";
  const own = software && neurons >= OWN.from ? OWN.neurons : 1;
  const most = software && own === 1 ? SMALL_TILE : TILE;
  const tile = quads < 3 ? Math.min(quads, most) : most;
  const banded = kind === "sliding";
  const reach = Math.ceil((Math.min(order, timeSteps) - 1) / 4);
  const seen = banded ? Math.min(reach + tile, quads) : quads;
  checkRounds(gpu.preset, `${name} neurons`, Math.ceil(quads / tile) * (seen + tile + 1));
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
      ...{ neurons, size, quads, order, steps: timeSteps, tile, own },
      masked: kind === "masked",
      slides: banded,
      ...{ banded, reach },
      textureReads: gpu.readsTextures(denseBytes(timeSteps, neurons), { once: quads <= tile }),
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
    workgroups: workgroupsFor(Math.ceil(neurons / own), LANES),
  });
  await observeSpikes(scope, name, output);
  return { output, backward: (gradient, needed) => addBackward(setup, gradient, needed) };
}
