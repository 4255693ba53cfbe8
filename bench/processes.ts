/**
 * What training over several processes costs and gains, by Open MPI's `mpirun`, in turn: one process on one
 * core, the same with the exchange but nobody to exchange with, and two processes on a core each. All take
 * the same global batch of 128.
 *
 *     deno run -A bench/processes.ts [--rounds 3] [--steps 60] [ITEM ...]
 */

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

/** Trains; gives milliseconds a step of the second of two epochs. */
async function measure(item: Item, exchange: Collective | undefined) {
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
  for await (const { imagesPerSecond } of trainer.fit(train, { epochs: 2 })) {
    ms = 1000 * BATCH / imagesPerSecond;
  }
  return { ms, adapter: gpu.name };
}

/** Measures in processes of their own, each on a core. */
async function run(item: Item, how: How): Promise<{ ms: number; adapter: string }> {
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
    const ms: Record<How, number[]> = { alone: [], exchanged: [], together: [] };
    let adapter = "";
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const how of HOWS) {
        const result = await run(item, how);
        ms[how].push(result.ms);
        adapter = result.adapter;
      }
    }
    const gains = ms.alone.map((one, i) => one / ms.together[i]!);
    const texts = HOWS.map((how) => `${how} ${ms[how].map((one) => one.toFixed(2)).join(", ")}`);
    console.log(
      `${item}, ${adapter}: ms a step: ${texts.join("; ")}; ` +
        `median gain of two processes ${median(gains).toFixed(2)}`,
    );
  }
}
