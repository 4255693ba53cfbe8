/** One of several processes: what it does is its first argument. */

import { Gpu } from "../../mod.ts";
import { Mpi } from "../../src/mpi/mod.ts";
import { wordOf } from "../../src/training/snapshot.ts";
import { network, OPTIONS, TEST, TRAIN } from "../support/mnist_training.ts";
import { last, startTraining } from "../support/training.ts";

const WORK: Readonly<Record<string, (mpi: Mpi) => Promise<void>>> = {
  /** Trains, and writes what it learned. */
  async train(mpi) {
    using gpu = await Gpu.request();
    using training = await startTraining(gpu, network(), { ...OPTIONS, exchange: mpi });
    const { trainer } = training;
    const { trainLoss, testLoss } = await last(trainer.fit(TRAIN, { epochs: 1, test: TEST }));
    const word = wordOf(await trainer.state());
    const { rank, size, localSize } = mpi;
    console.log(JSON.stringify({ rank, size, localSize, trainLoss, testLoss, word }));
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

await Mpi.run(WORK[Deno.args[0]!]!);
