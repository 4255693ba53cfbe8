/**
 * Times what the other programs of this folder time, done by Galvani.
 *
 * Prints a line of JSON for each item: name, ms (a number for each round), peakMemoryMb and adapter. The peak is
 * the process's, so for the memory of one item run that item alone (`--item`).
 */

import { parseArgs } from "node:util";
import { Gpu, LifNode, Linear, Psn, Sequential } from "../../mod.ts";
import {
  compileNetworkStep,
  compileStep,
  type NetworkStep,
  timeSteps,
  TUTORIAL,
  TWO_LAYERS,
} from "../../src/cli/bench/network_step.ts";
import { compileNeuronPair, type GradientKind } from "../../src/cli/bench/neuron_pair.ts";
import { type RoundOptions, timeRounds } from "../../src/cli/bench/rounds.ts";
import { loadMnist } from "../../src/datasets/mod.ts";
import { fillUniform } from "../../src/cli/bench/fill.ts";
import { CommandList, denseBytes, type Dispatch } from "../../src/extend.ts";
import { csnn, tutorial6 } from "../csnn.ts";
import { Collector } from "../support.ts";
import { sewResnet } from "../sew_resnet.ts";
import { spikformer } from "../spikformer.ts";
import { compileFeedback, compileSpoken } from "../recurrent.ts";
import { parseDevice, peakMemoryMb } from "./process.ts";

/** Batches of the pictures that networks are trained with. */
const BATCHES = 16;
/** Runs of a layer alone in a submit. */
const SUBMIT_RUNS = 64;

const { values: args } = parseArgs({
  args: Deno.args,
  options: {
    item: { type: "string", multiple: true, default: [] },
    device: { type: "string", default: "auto" },
    gpu: { type: "string" },
    milliseconds: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
  },
});
const options: RoundOptions = {
  milliseconds: Number(args.milliseconds),
  rounds: Number(args.rounds),
};
using gpu = await Gpu.request({
  device: parseDevice(args.device),
  ...args.gpu === undefined ? {} : { name: args.gpu },
});
for (const item of args.item) {
  const ms = await time(item);
  const line = { name: item, ms, peakMemoryMb: await peakMemoryMb(), adapter: gpu.name };
  console.log(JSON.stringify(line));
}

function time(item: string): Promise<number[]> {
  if (item.startsWith("tutorial")) return timeNetwork(TUTORIAL);
  if (item.startsWith("784-800-10")) return timeNetwork(TWO_LAYERS);
  const [, wide] = item.match(/^784-(\d+)-\1-10$/) ?? [];
  if (wide) {
    return timeNetwork({ ...TWO_LAYERS, layers: [Number(wide), Number(wide), 10], timeSteps: 16 });
  }
  const [, onm] = item.match(/^onm (\d+)$/) ?? [];
  if (onm) return timeOnm(Number(onm));
  const [, psn, psnSteps] = item.match(/^psn (\d+) (\d+)$/) ?? [];
  if (psn) return timePsn(Number(psn), Number(psnSteps));
  if (item.startsWith("28-32-10 feedback")) return timeStep(compileFeedback(gpu));
  if (item.startsWith("700-256-20 recurrent")) return timeStep(compileSpoken(gpu));
  const [, channels, steps] = item.match(/^csnn (\d+) (\d+)$/) ?? [];
  if (channels) return timeConvolutions(csnn(Number(channels)), Number(steps));
  const [, width, sewSteps] = item.match(/^sew (\d+) (\d+)$/) ?? [];
  if (width) return timeConvolutions(sewResnet(Number(width)), Number(sewSteps));
  const [, dim, formerSteps] = item.match(/^spikformer (\d+) (\d+)$/) ?? [];
  if (dim) return timeConvolutions(spikformer(Number(dim)), Number(formerSteps));
  if (item === "12C5-MP2-64C5-MP2-10") return timeConvolutions(tutorial6(), 50);
  const [, neurons, timeSteps, kind] = item.match(/^lif (\d+) (\d+) (constant|dense)$/) ?? [];
  if (kind === undefined) throw new TypeError(`Unknown item "${item}"`);
  return timeLif(Number(neurons), Number(timeSteps), kind as GradientKind);
}

async function timeNetwork(size: typeof TUTORIAL): Promise<number[]> {
  const { train } = await loadMnist();
  using step = await compileNetworkStep(gpu, size, train.slice(0, BATCHES * size.batchSize));
  return await timeSteps(step, options);
}

async function timeStep(compiled: Promise<NetworkStep>): Promise<number[]> {
  using step = await compiled;
  return await timeSteps(step, options);
}

async function timeConvolutions(network: Sequential, T: number): Promise<number[]> {
  const { train } = await loadMnist();
  const size = { encoder: "direct", timeSteps: T, batchSize: 128 } as const;
  const data = train.slice(0, BATCHES * size.batchSize);
  using step = await compileStep(gpu, network, size, data);
  return await timeSteps(step, options);
}

/** T steps of N neurons forward, and back from a gradient of the spikes. */
async function timeLif(
  neurons: number,
  timeSteps: number,
  kind: GradientKind,
): Promise<number[]> {
  using pair = await compileNeuronPair(gpu, { neurons, timeSteps }, [kind]);
  return await timeDispatches(pair.kernels.map(({ dispatch }) => dispatch), pair.counts);
}

/** Linear and LIF neurons, forward and back from the sum of all spikes: Open Neuromorphic's benchmark. */
async function timeOnm(neurons: number): Promise<number[]> {
  const network = new Sequential([new Linear(neurons, neurons), new LifNode()]);
  return await timeAlone(network, { batchSize: 16, timeSteps: 500, neurons, over: "constant" });
}

/** Parallel neurons alone, forward, and back to their input from a gradient of the spikes. */
async function timePsn(neurons: number, timeSteps: number): Promise<number[]> {
  const network = new Sequential([new Psn(timeSteps)]);
  return await timeAlone(network, { batchSize: 1, timeSteps, neurons, over: "time" });
}

/** A network without loss and optimizer, on numbers over time; a gradient over time goes back to these. */
async function timeAlone(network: Sequential, size: {
  batchSize: number;
  timeSteps: number;
  neurons: number;
  over: "constant" | "time";
}): Promise<number[]> {
  const { batchSize, timeSteps, neurons, over } = size;
  const layer = { network, input: [neurons] };
  const collector = new Collector(gpu, { batchSize, timeSteps, layer });
  const bytes = denseBytes(timeSteps, batchSize * neurons);
  const values = gpu.createBuffer(bytes, "input");
  fillUniform(gpu, values, 0, 1);
  const { backward } = await network.compile(collector.scope, {
    kind: "numbers",
    shape: [neurons],
    over: "time",
    values,
  });
  const buffer = gpu.createBuffer(over === "time" ? bytes : 4 * batchSize * neurons, "gradient");
  fillUniform(gpu, buffer, 1, 1);
  await backward({ values: { over, buffer } }, over === "time");
  return await timeDispatches(collector.dispatches, gpu.createBuffer(4, "result"));
}

/** Times dispatches, one after the other; `result` is read at the end of each round. */
async function timeDispatches(
  dispatches: readonly Pick<Dispatch, "encode">[],
  result: GPUBuffer,
): Promise<number[]> {
  return await timeRounds(async (count) => {
    for (let left = count; left > 0; left -= SUBMIT_RUNS) {
      const commands = new CommandList(gpu.device);
      for (let run = 0; run < Math.min(left, SUBMIT_RUNS); run++) {
        for (const dispatch of dispatches) dispatch.encode(commands, 0);
        // Each repetition copies what it reads, as one alone does.
        commands.end();
      }
      const encoder = commands.end();
      if (left <= SUBMIT_RUNS) await gpu.readBack(encoder, result, 4);
      else gpu.device.queue.submit([encoder.finish()]);
    }
  }, options);
}
