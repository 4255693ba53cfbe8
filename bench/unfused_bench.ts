/**
 * What fusing gains: a layer of LIF neurons as one kernel each way, and as one dispatch for each time
 * step and operation. One iteration is the stated number of passes over all T in one submit, the same
 * for both. Both are checked against each other before they are timed.
 */

import { assert } from "@std/assert";
import { Gpu } from "../mod.ts";
import { compileNeuronPair } from "../src/cli/bench/neuron_pair.ts";
import { CommandList, type Dispatch, Random, toDense } from "../src/extend.ts";
import type { Work } from "../src/cli/bench/stopwatch.ts";
import { benchDevice, repeatsFor } from "./support.ts";
import { compileUnfusedLif } from "./unfused/lif.ts";

const TOLERANCE = 1e-5;

const gpu = await Gpu.request();

for (const [neurons, timeSteps] of [[2 ** 12, 16], [2 ** 12, 100], [2 ** 16, 16]] as const) {
  const fused = await compileNeuronPair(gpu, { neurons, timeSteps }, ["dense"]);
  const unfused = await compileUnfusedLif(gpu, neurons, timeSteps);
  const random = new Random(neurons, timeSteps);
  const draw = (low: number, high: number) =>
    Float32Array.from({ length: timeSteps * neurons }, () => random.uniform(low, high));
  const [current, gradient] = [draw(0, 2.5), draw(-1, 1)];
  gpu.write(fused.current, toDense(current, timeSteps));
  gpu.write(fused.gradients.get("dense")!, toDense(gradient, timeSteps));
  gpu.write(unfused.current, current);
  gpu.write(unfused.spikeGradient, gradient);
  const [forward, backward] = fused.kernels.map(({ dispatch }) => workOf(dispatch));
  submit(forward!, backward!, unfused.forward, unfused.backward);
  const counts = new Uint32Array(await gpu.read(fused.counts));
  const spikes = new Float32Array(await gpu.read(unfused.spikes));
  counts.forEach((count, n) => {
    let sum = 0;
    for (let t = 0; t < timeSteps; t++) sum += spikes[t * neurons + n]!;
    assert(sum === count, `neuron ${n} fires ${count} times fused, ${sum} times unfused`);
  });
  const fusedGradient = new Float32Array(await gpu.read(fused.current));
  const unfusedGradient = new Float32Array(await gpu.read(unfused.currentGradient));
  toDense(unfusedGradient, timeSteps).forEach((value, i) => {
    const other = fusedGradient[i]!;
    assert(Math.abs(value - other) < TOLERANCE, `gradient ${i}: ${other} fused, ${value} unfused`);
  });

  for (
    const [name, fusedWork, unfusedWork] of [
      ["forward", forward!, unfused.forward],
      ["backward", backward!, unfused.backward],
    ] as const
  ) {
    const group = `LIF, N ${neurons}, T ${timeSteps}, ${name}`;
    // Few enough for the slower one, so that the faster one's wait counts a little: against it.
    const { repeats: most } = await repeatsFor(gpu, unfusedWork);
    const repeats = 8 * most;
    await benchDevice(gpu, { name: `${group}, fused`, group, repeats, work: fusedWork });
    const options = { group, baseline: true, repeats };
    await benchDevice(gpu, { name: `${group}, unfused`, ...options, work: unfusedWork });
  }
}

function workOf(dispatch: Dispatch): Work {
  return (commands) => dispatch.encode(commands, 0);
}

function submit(...works: readonly Work[]): void {
  const commands = new CommandList(gpu.device);
  for (const work of works) work(commands);
  gpu.device.queue.submit([commands.end().finish()]);
}
