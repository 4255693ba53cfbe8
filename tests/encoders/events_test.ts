import { assert, assertEquals } from "@std/assert";
import {
  Adam,
  type Dataset,
  eventDataset,
  EventEncoder,
  Flatten,
  LifNode,
  Linear,
  rateMse,
  Sequential,
} from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import { CompiledNetwork } from "../support/compiled_network.ts";
import { readEvents } from "../support/event_reader.ts";
import { sharedGpu } from "../support/gpu.ts";
import { all, startTraining, timeless } from "../support/training.ts";

const SHAPE = [2, 3, 3];
const PLACES = 18;

/** Recordings of random events, some with none, some after the last time step. */
function recordingsOf(count: number, duration: number, random: Random) {
  return Array.from({ length: count }, (_, i) => {
    const events = i % 5 === 4 ? 0 : 1 + random.below(40);
    return {
      places: Array.from({ length: events }, () => random.below(PLACES)),
      times: Array.from({ length: events }, () => random.uniform(0, 1.25 * duration)),
      label: i % 2,
    };
  });
}

for (const timeSteps of [1, 40, 129, 259]) {
  for (const stepDuration of [1, 2.5]) {
    Deno.test(`the spikes of events are their bins: T ${timeSteps}, steps of ${stepDuration}`, async () => {
      const gpu = await sharedGpu();
      const random = new Random(timeSteps, stepDuration);
      const recordings = recordingsOf(6, timeSteps * stepDuration, random);
      using network = await CompiledNetwork.compile(
        gpu,
        new Sequential([new Flatten(), new Linear(PLACES, 2), new LifNode()]),
        {
          input: SHAPE,
          encoder: new EventEncoder({ stepDuration }),
          content: "events",
          loss: rateMse(),
          timeSteps,
          batchSize: 7,
          // Stored spikes are made of them.
          variants: "plain",
        },
      );
      const { program } = network;
      assert(program.compiled.input.kind === "recordings");
      const input = await program.compiled.input.listed();
      assertEquals(input.shape, SHAPE);
      // One place of the batch stays empty; the second step finds what the first one left.
      for (const order of [[0, 1, 2, 3, 4, 5], [5, 4, 0], [3, 2, 1, 0]]) {
        await network.run(
          eventDataset(order.map((i) => recordings[i]!), { shape: SHAPE, classes: 2 }),
        );
        const got = await readEvents(program, input);
        order.forEach((recording, sample) => {
          const { places, times } = recordings[recording]!;
          const want = new Map<number, Uint8Array>();
          places.forEach((place, event) => {
            const t = Math.floor(times[event]! / stepDuration);
            if (t >= timeSteps) return;
            if (!want.has(place)) want.set(place, new Uint8Array(timeSteps));
            want.get(place)![t] = 1;
          });
          // Entries are places that spike, ascending; those that fill up a texel are silent.
          const sorted = [...want.keys()].sort((a, b) => a - b).map((place) => want.get(place)!);
          const padded = got[sample]!.slice(0, 4 * Math.ceil(sorted.length / 4));
          padded.forEach((spikes, entry) =>
            assertEquals(spikes, sorted[entry] ?? new Uint8Array(timeSteps))
          );
        });
      }
    });
  }
}

/** Recordings whose class is the half of the places that is busy. */
function halves(count: number, timeSteps: number, seed: number): Dataset {
  const random = new Random(seed);
  const recordings = Array.from({ length: count }, () => {
    const label = random.below(2);
    const events = Math.ceil(6 * timeSteps ** 0.75);
    return {
      places: Array.from({ length: events }, () => random.below(9) + 9 * label),
      times: Array.from({ length: events }, () => random.uniform(0, timeSteps)),
      label,
    };
  });
  return eventDataset(recordings, { shape: SHAPE, classes: 2 });
}

for (const preset of ["auto", "gpu"] as const) {
  for (const timeSteps of [1, 40, 129, 259]) {
    Deno.test(`a network trains on events, each time the same: T ${timeSteps}, preset ${preset}`, async () => {
      const train = async () => {
        const gpu = await sharedGpu({ preset });
        const layers = [new Flatten(), new Linear(PLACES, 2), new LifNode({ vThreshold: 0.5 })];
        using training = await startTraining(gpu, new Sequential(layers), {
          input: SHAPE,
          encoder: new EventEncoder(),
          timeSteps,
          batchSize: 8,
          loss: rateMse(),
          optimizer: new Adam({ learningRate: 0.05 }),
        });
        const test = halves(30, timeSteps, 2);
        const reports = await all(
          training.trainer.fit(halves(64, timeSteps, 1), { epochs: 4, test }),
        );
        const predictions = await training.model.predict(test);
        const right = predictions.filter(({ answer }, i) => answer === test.labels![i]).length;
        assertEquals(reports.at(-1)!.testAccuracy, right / test.count);
        return reports.map(timeless);
      };
      const first = await train();
      assertEquals(await train(), first);
      const { testAccuracy } = first.at(-1)!;
      assert(testAccuracy >= 0.8, `accuracy ${testAccuracy}`);
    });
  }
}
