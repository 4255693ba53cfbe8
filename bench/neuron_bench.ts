/**
 * A layer of LIF neurons alone, N neurons over T time steps: forward, and backward from a gradient that
 * is the same at each time step (constant) or isn't (dense). One iteration is the stated number of runs
 * of a kernel in one submit.
 */

import { Gpu } from "../mod.ts";
import { mostBytes } from "../src/cli/bench/measure.ts";
import { compileNeuronPair, largestNeuronBytes } from "../src/cli/bench/neuron_pair.ts";
import { benchDispatch } from "./support.ts";

const gpu = await Gpu.request();

for (const neurons of [2 ** 12, 2 ** 16, 2 ** 20]) {
  for (const timeSteps of [4, 16, 100]) {
    if (largestNeuronBytes({ neurons, timeSteps }) > mostBytes(gpu)) continue;
    const { kernels } = await compileNeuronPair(gpu, { neurons, timeSteps });
    for (const { name, dispatch } of kernels) {
      await benchDispatch(gpu, dispatch, { name: `LIF, N ${neurons}, T ${timeSteps}, ${name}` });
    }
  }
}
