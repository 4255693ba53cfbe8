/**
 * What training over several processes costs and gains, by Open MPI's `mpirun`, in turn: one process on one
 * core, the same with the exchange but nobody to exchange with, and two processes on a core each. All take
 * the same global batch of 128.
 *
 *     deno run -A bench/processes.ts [--rounds 3] [--steps 60] [ITEM ...]
 */

import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  Adam,
  Conv2d,
  DirectEncoder,
  Flatten,
  Gpu,
  IfNode,
  LifNode,
  Linear,
  localCollectives,
  MaxPool2d,
  Model,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
} from "../mod.ts";
import type { Collective } from "../src/core/collective.ts";
import { loadMnist } from "../src/datasets/mod.ts";
import { Mpi } from "../src/mpi/mod.ts";

const BATCH = 128;

const ITEMS = {
  "784-10": {
    network: () =>
      new Sequential([new Flatten(), new Linear(784, 10, { bias: false }), new LifNode()]),
    encoder: new PoissonEncoder(),
    timeSteps: 100,
  },
  "784-800-10": {
    network: () =>
      new Sequential([
        ...[new Flatten(), new Linear(784, 800), new LifNode()],
        ...[new Linear(800, 10), new LifNode()],
      ]),
    encoder: new DirectEncoder(),
    timeSteps: 8,
  },
  "32C3-MP2-32C3-MP2-10": {
    network: () =>
      new Sequential([
        ...[new Conv2d(1, 32, { kernelSize: 3, padding: 1 }), new IfNode(), new MaxPool2d(2)],
        ...[new Conv2d(32, 32, { kernelSize: 3, padding: 1 }), new IfNode(), new MaxPool2d(2)],
        ...[new Flatten(), new Linear(1568, 10), new IfNode()],
      ]),
    encoder: new DirectEncoder(),
    timeSteps: 4,
  },
} as const;
type Item = keyof typeof ITEMS;

const HOWS = ["alone", "exchanged", "together"] as const;
type How = (typeof HOWS)[number];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    steps: { type: "string", default: "60" },
    how: { type: "string" },
  },
});
const steps = Number(values.steps);
const items = (positionals.length > 0 ? positionals : Object.keys(ITEMS)) as Item[];

/** What a step took. */
interface Measured {
  readonly adapter: string;
  /** By the clock. */
  readonly ms: number;
  /** Of the processor, without waiting for others: what it would take on a core of its own. */
  readonly busy: number;
}

/** Milliseconds of the processor that this process has had. */
function busyTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Trains; gives what a step of the second of two epochs took. */
async function measure(item: Item, collective: Collective | undefined): Promise<Measured> {
  // Who waits for the others in MPI does so at full speed.
  let waited = 0;
  const exchange = collective && {
    ...{ rank: collective.rank, size: collective.size },
    async allReduceSum(numbers: Parameters<Collective["allReduceSum"]>[0]) {
      const before = busyTime();
      await collective.allReduceSum(numbers);
      waited += busyTime() - before;
    },
  };
  const { network, encoder, timeSteps } = ITEMS[item];
  const train = (await loadMnist()).train.slice(0, steps * BATCH);
  using gpu = await Gpu.request();
  using model = await Model.compile(gpu, network(), {
    ...{ input: train.shape, encoder, timeSteps, batchSize: BATCH },
  });
  using trainer = new Trainer(model, {
    loss: rateMse(),
    optimizer: new Adam(),
    ...exchange ? { exchange } : {},
  });
  let ms = 0;
  let busy = 0;
  for (let epoch = 0; epoch < 2; epoch++) {
    const [before, start] = [busyTime(), performance.now()];
    waited = 0;
    for await (const _ of trainer.fit(train, { epochs: 1 }));
    ms = (performance.now() - start) / steps;
    busy = (busyTime() - before - waited) / steps;
  }
  return { ms, busy, adapter: gpu.name };
}

/** Measures in processes of their own, each on a core. */
async function run(item: Item, how: How): Promise<Measured> {
  const self = ["run", "-A", "--no-check", fileURLToPath(import.meta.url)];
  const args = [Deno.execPath(), ...self, "--how", how, "--steps", `${steps}`, item];
  const pinned = ["-c", 'exec taskset -c "${OMPI_COMM_WORLD_LOCAL_RANK:-0}" "$@"', "sh", ...args];
  const [command, ...before] = how === "together"
    ? ["mpirun", "-n", "2", "--bind-to", "none", "sh"]
    : ["sh"];
  const { success, stdout, stderr } = await new Deno.Command(command!, {
    args: [...before, ...pinned],
    env: {
      LP_NUM_THREADS: "1",
      OMPI_ALLOW_RUN_AS_ROOT: "1",
      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
      OMPI_MCA_rmaps_base_oversubscribe: "1",
    },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

if (values.how === "alone") console.log(JSON.stringify(await measure(items[0]!, undefined)));
else if (values.how === "exchanged") {
  console.log(JSON.stringify(await measure(items[0]!, localCollectives(1)[0])));
} else if (values.how === "together") {
  await Mpi.run(async (mpi) => {
    const result = await measure(items[0]!, mpi);
    if (mpi.rank === 0) console.log(JSON.stringify(result));
  });
} else {
  for (const item of items) {
    const all: Record<How, Measured[]> = { alone: [], exchanged: [], together: [] };
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const how of HOWS) all[how].push(await run(item, how));
    }
    console.log(`${item}, ${all.alone[0]!.adapter}, ms a step by the clock (of the processor):`);
    for (const how of HOWS) {
      const texts = all[how].map(({ ms, busy }) => `${ms.toFixed(2)} (${busy.toFixed(2)})`);
      console.log(`  ${how.padEnd(9)} ${texts.join(", ")}`);
    }
    const gainOf = (part: "ms" | "busy") =>
      median(all.alone.map((one, i) => one[part] / all.together[i]![part])).toFixed(2);
    console.log(`  median gain of two processes ${gainOf("ms")} (${gainOf("busy")})`);
  }
}
