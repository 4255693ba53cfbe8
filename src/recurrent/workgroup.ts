import * as recurrent from "../../kernels/recurrent/mod.ts";
import type { Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { Signal } from "../core/signal.ts";
import type { Variant } from "../core/variant.ts";
import { LOOP_ROUNDS } from "../gpu/rounds.ts";
import { stateOf } from "../neurons/model.ts";
import { gradientTexts } from "../neurons/pair/compile.ts";
import { learnedTensors } from "../neurons/pair/learned.ts";
import { firstStateText, stateBytes } from "../neurons/pair/state.ts";
import { gradientResources, gradientValues, loopValues } from "./loop.ts";
import { compileRecurrent, type Loop, type RecurrentSetup, type RecurrentShape } from "./setup.ts";

/** Neurons of a sample that a lane has alone on drivers that compute on the processor: the bits of a word. */
const ALONE = 32;
/**
 * Neurons at most of a lane that shares a sample with others there; forward they are part of a word. A lane loads all
 * that it hears from workgroup memory, so 700-256-20 goes back in 97 ms with 64 and in 125 with 32 where that takes
 * long, as it does without AVX-512 (Zen 3, `bench/recurrent_bench.ts`).
 */
const SHARED = { forward: 16, backward: 64 };
/**
 * Neurons times samples of a lane at most there: what it loads of the weights serves all of its samples, and what it
 * hears all of its neurons. 700-256-20 goes back in 42 ms with 512, in 50 with 256, and forward in 30 with 128, in
 * 29 with 256; kernels of twice as many take 2.5 times as long to compile (Zen 4, `bench/recurrent_bench.ts`).
 */
const OF_A_LANE = { forward: 128, backward: 512 };
/**
 * The same where lanes hear nobody else. 28-32-10 goes forward as fast with 128, and that compiles in 3 s instead of 1;
 * it goes back in 1.6 ms with 128, in 1.8 with 64.
 */
const OF_A_LANE_ALONE = { forward: 64, backward: 128 };
/** Neurons of a lane of a GPU at most. */
const GPU_NEURONS = 8;
/** Lanes of a GPU that a sample has at most. */
const GPU_LANES = 256;
/** Workgroups that keep all cores of a processor busy. */
const BUSY_WORKGROUPS = 2;

/** Samples that a lane can have: whole vectors. */
const SAMPLES = [16, 12, 8, 4, 2, 1];

/** The way forward or back. */
type Direction = "forward" | "backward";

/** How the neurons and samples of a batch are shared out. */
interface Cut {
  /** Lanes of a workgroup. */
  readonly lanes: number;
  /** Lanes that have a sample's neurons. */
  readonly parts: number;
  /** Neurons of a lane. */
  readonly own: number;
  /** Lanes that have the same neurons of other samples. */
  readonly sharers: number;
  /** Samples of a lane; 0 if not even one fits. */
  readonly laneSamples: number;
  /** Whether neighbouring neurons belong to neighbouring lanes. */
  readonly strided: boolean;
  /** Pieces of the loops over the neurons of a lane: as many as neurons on GPUs. */
  readonly turns: number;
  /** Workgroups of a batch. */
  readonly workgroups: number;
}

/**
 * The lanes of a workgroup share the neurons of its samples, and keep their states: for as many
 * neurons as a workgroup has lanes for, 2048 on GPUs, and on processors for T times neurons up to 60,000 where the
 * gradients of a time step, 8 bytes a neuron, fit its memory.
 */
export const recurrentWorkgroup: Variant<RecurrentShape> = {
  name: "a workgroup shares samples",
  fits(_, input, scope) {
    const features = featuresOf(input);
    const most = scope.gpu.device.limits.maxComputeInvocationsPerWorkgroup;
    return (["forward", "backward"] as const).every((direction) => {
      const { lanes, own, parts, laneSamples } = cutFor(scope, features, direction);
      return laneSamples > 0 && own * parts >= features && lanes <= most;
    });
  },
  compile: (layer, input, scope) => compileRecurrent(layer, input, scope, addLoop),
};

const featuresOf = ({ shape }: Signal) => sizeOf(shape);

function cutFor(
  { gpu, batchSize, timeSteps }: Scope,
  features: number,
  direction: Direction,
): Cut {
  const software = gpu.preset.name === "software";
  const { parts, own } = software ? softwareShares(features, direction) : gpuShares(features);
  const sharers = software ? Math.ceil(gpu.preset.lanes / parts) : 1;
  // Forward all neurons may fire at each step; loops go over words, steps and quads, too.
  const iterations = timeSteps * (features + Math.ceil(features / 32) + 5);
  const ends = !software || direction === "backward" || iterations <= LOOP_ROUNDS;
  const busy = software ? Math.ceil(batchSize / (sharers * BUSY_WORKGROUPS)) : 1;
  const bytes = gpu.device.limits.maxComputeWorkgroupStorageSize;
  const ofALane = (parts === 1 ? OF_A_LANE_ALONE : OF_A_LANE)[direction];
  const laneSamples = ends
    ? SAMPLES.find((samples) =>
      samples <= busy && samples * own <= ofALane &&
      (parts === 1 || sharers * sharedBytes(direction, features, samples) <= bytes)
    ) ?? 0
    : 0;
  return {
    ...{ parts, own, sharers, laneSamples },
    lanes: parts * sharers,
    strided: !software && parts > 1,
    turns: software ? 1 : own,
    workgroups: Math.ceil(batchSize / (sharers * Math.max(1, laneSamples))),
  };
}

/** How many lanes have a sample's neurons on drivers that compute on the processor, and how many each. */
function softwareShares(features: number, direction: Direction): Pick<Cut, "parts" | "own"> {
  if (features <= ALONE) return { parts: 1, own: features };
  const parts = Math.ceil(features / SHARED[direction]);
  // Forward a lane's neurons are part of a word, and back whole vectors of weights.
  const own = direction === "forward" ? SHARED.forward : 4 * Math.ceil(features / (4 * parts));
  return { parts, own };
}

/** The same on GPUs. */
function gpuShares(features: number): Pick<Cut, "parts" | "own"> {
  const parts = Math.min(GPU_LANES, features);
  return { parts, own: Math.min(GPU_NEURONS, Math.ceil(features / parts)) };
}

/** What the lanes of a workgroup tell each other of so many samples: who fired, or the gradients of a time step. */
function sharedBytes(direction: Direction, features: number, samples: number): number {
  return direction === "forward"
    ? 3 * Math.ceil(features / 32) * samples * 4
    : 2 * features * samples * 4;
}

async function addLoop(setup: RecurrentSetup): Promise<Loop> {
  const { scope, description, features, current, total, output, parameter, constants } = setup;
  const { batchSize, timeSteps } = scope;
  const { workgroups, ...cut } = cutFor(scope, features, "forward");
  const { workgroups: backGroups, ...backCut } = cutFor(scope, features, "backward");
  const { affine = false, adapts = false } = description;
  const reads = !affine || adapts || learnedTensors(description).length > 0 || setup.traced;
  const remembers = total !== undefined && reads;
  const states = remembers
    ? {
      states: scope.buffer(
        timeSteps * batchSize * features * stateBytes(stateOf(description).length),
        "states",
      ),
    }
    : {};
  const shared = { parameters: parameter.values, ...states, ...constants };
  await scope.run("forward", {
    name: `recurrent/workgroup_forward (${description.kind})`,
    texts: [
      ...setup.equations.texts,
      firstStateText(description, false),
      recurrent.workgroupForward,
    ],
    values: loopValues(setup, {
      ...cut,
      words: Math.ceil(features / 32),
      constantCurrent: current.over === "constant",
      keeps: total !== undefined,
      keepsPotential: !reads,
      remembers,
      whole: !cut.strided && features % 4 === 0 && features % cut.own === 0 && cut.own % 4 === 0,
    }),
    resources: {
      ...shared,
      current: current.values,
      ...total ? { total: total.values } : {},
      spikes: output.spikes,
      counts: output.counts,
    },
    workgroups: [workgroups],
  });
  return {
    async backward(gradients) {
      await scope.run("backward", {
        name: `recurrent/workgroup_backward (${description.kind})`,
        texts: [
          ...setup.equations.texts,
          ...gradientTexts(
            description,
            Object.keys(gradients.traces),
            gradients.shares !== undefined,
          ),
          recurrent.workgroupBackward,
        ],
        values: loopValues(setup, {
          ...backCut,
          vectors: Math.ceil(backCut.laneSamples / 4),
          remembers,
          ...gradientValues(setup, gradients),
        }),
        resources: {
          ...shared,
          total: total!.values,
          ...gradientResources(gradients),
        },
        workgroups: [backGroups],
      });
    },
  };
}
