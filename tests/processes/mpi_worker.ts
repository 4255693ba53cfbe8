/**
 * One of several processes: what it does is its first argument, the adapter's name may be the second. With
 * "here" and a count as further arguments it is the only one, and trains as so many would.
 */

import { Gpu } from "../../mod.ts";
import { Mpi } from "../../src/mpi/mod.ts";
import { wordOf } from "../../src/training/snapshot.ts";
import { network, OPTIONS, TEST, TRAIN } from "../support/mnist_training.ts";
import { atOnce, startTogether } from "../support/together.ts";
import { last, startTraining, type Training } from "../support/training.ts";

const [what, name = "", here, count] = Deno.args;

/** Trains; gives what was learned. */
async function learn({ trainer }: Training, rank: number) {
  const { trainLoss, testLoss } = await last(trainer.fit(TRAIN, { epochs: 1, test: TEST }));
  return { rank, trainLoss, testLoss, word: wordOf(await trainer.state()) };
}

const WORK: Readonly<Record<string, (mpi: Mpi) => Promise<void>>> = {
  /** Trains, and writes what it learned. */
  async train(mpi) {
    using gpu = await Gpu.request({ name });
    using training = await startTraining(gpu, network(), { ...OPTIONS, exchange: mpi });
    const learned = await learn(training, mpi.rank);
    const { size, localSize } = mpi;
    console.log(JSON.stringify({ ...learned, adapter: gpu.name, size, localSize }));
  },
  /** Adds up numbers of both kinds, as many as a large network has. */
  async sum(mpi) {
    const floats = new Float32Array(1e6).fill(mpi.rank + 0.5);
    const doubles = Float64Array.of(2 ** 40 + mpi.rank);
    await mpi.allReduceSum(floats);
    await mpi.allReduceSum(doubles);
    console.log(JSON.stringify([floats[0], floats.at(-1), doubles[0]]));
  },
  /** The last of them fails, while others wait for it. */
  async fail(mpi) {
    if (mpi.rank === mpi.size - 1) throw new RangeError("this one fails");
    await mpi.allReduceSum(new Float32Array(1));
  },
  /** The last of them is killed. */
  async die(mpi) {
    if (mpi.rank === mpi.size - 1) Deno.kill(Deno.pid, "SIGKILL");
    await mpi.allReduceSum(new Float32Array(1));
  },
  /** All find the same. */
  failAlike: () => Promise.reject(new Error("all fail alike")),
};

if (here) {
  using gpu = await Gpu.request({ name });
  using together = await startTogether(gpu, network, OPTIONS, Number(count));
  const size = Number(count);
  for (const learned of await atOnce(together.trainings, learn)) {
    console.log(JSON.stringify({ ...learned, adapter: gpu.name, size, localSize: size }));
  }
} else await Mpi.run(WORK[what!]!);
