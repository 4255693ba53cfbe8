/**
 * Updates of the parameters of a Linear layer: 784 to 10, whose gradient comes in eight copies, and 784
 * to 800. One iteration is the stated number of updates in one submit.
 */

import { Adam, AdamW, Gpu, Sgd } from "../mod.ts";
import type { Optimizer, Parameter } from "../src/extend.ts";
import { fillUniform } from "../src/cli/bench/fill.ts";
import { benchDevice, Collector } from "./support.ts";

const OPTIMIZERS: readonly [string, Optimizer][] = [
  ["sgd", new Sgd()],
  ["sgd with momentum", new Sgd({ momentum: 0.9 })],
  ["adam", new Adam()],
  ["adamw", new AdamW()],
];

const gpu = await Gpu.request();

for (const [outputs, copies] of [[10, 8], [800, 1]] as const) {
  const size = 784 * outputs;
  for (const [name, optimizer] of OPTIMIZERS) {
    const parameter: Parameter = {
      size,
      copies,
      decays: true,
      values: gpu.createBuffer(size * 4, "parameters"),
      gradient: gpu.createBuffer(copies * size * 4, "parameter gradient"),
    };
    fillUniform(gpu, parameter.values, -0.04, 0.04);
    fillUniform(gpu, parameter.gradient, -1e-3, 1e-3);
    const collector = new Collector(gpu, { batchSize: 128, timeSteps: 1 });
    await optimizer.compile(collector.scope, parameter);
    await benchDevice(gpu, {
      name: `optimizer ${name}, ${size} parameters, gradient copies ${copies}`,
      work(commands) {
        for (const dispatch of collector.dispatches) dispatch.encode(commands, 0);
      },
    });
  }
}
