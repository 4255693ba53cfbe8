/**
 * What counting costs an evaluation: the same pictures with and without it, in turn, and the median ratio of the
 * processor's time and of that by the clock.
 *
 *     deno run -A bench/counting.ts [--rounds 25] [784-10|784-800-10|csnn ...]
 */

import process from "node:process";
import { parseArgs } from "node:util";
import {
  DirectEncoder,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  Sequential,
} from "../mod.ts";
import { loadMnist } from "../src/datasets/mod.ts";
import type { Encoder } from "../src/extend.ts";
import { csnn } from "./csnn.ts";

/** What is evaluated: the network, T and how many pictures. */
interface Item {
  readonly network: () => Sequential;
  readonly encoder: Encoder;
  readonly timeSteps: number;
  readonly pictures: number;
}

const ITEMS: Readonly<Record<string, Item>> = {
  "784-10": {
    network: () =>
      new Sequential([new Flatten(), new Linear(784, 10, { bias: false }), new LifNode()]),
    encoder: new PoissonEncoder(),
    timeSteps: 100,
    pictures: 10_000,
  },
  "784-800-10": {
    network: () =>
      new Sequential([
        ...[new Flatten(), new Linear(784, 800), new LifNode()],
        ...[new Linear(800, 10), new LifNode()],
      ]),
    encoder: new DirectEncoder(),
    timeSteps: 8,
    pictures: 5120,
  },
  "csnn": { network: () => csnn(32), encoder: new DirectEncoder(), timeSteps: 4, pictures: 640 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "25" } },
});
const { test } = await loadMnist();
using gpu = await Gpu.request();
console.log(`${gpu.name}; counted to not counted, median of ${values.rounds} rounds:`);
for (const name of positionals.length > 0 ? positionals : Object.keys(ITEMS)) {
  const { network, encoder, timeSteps, pictures } = ITEMS[name]!;
  const options = { input: test.shape, encoder, timeSteps, batchSize: 128 };
  using model = await Model.compile(gpu, network(), options);
  const data = test.slice(0, pictures);
  const evaluate = async (count: boolean) => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await model.evaluate(data, { count });
    const { user, system } = process.cpuUsage(before);
    return { clock: performance.now() - start, processor: (user + system) / 1000 };
  };
  const [clock, processor]: [number[], number[]] = [[], []];
  // The first of each compiles.
  for (let round = -1; round < Number(values.rounds); round++) {
    const [plain, counted] = [await evaluate(false), await evaluate(true)];
    if (round < 0) continue;
    clock.push(counted.clock / plain.clock);
    processor.push(counted.processor / plain.processor);
  }
  const [byClock, ofProcessor] = [clock, processor].map((ratios) => median(ratios).toFixed(3));
  console.log(`  ${name.padEnd(12)} ${byClock} by the clock, ${ofProcessor} of the processor`);
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
