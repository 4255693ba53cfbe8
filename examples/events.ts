// Recordings in N-MNIST's files: read, cut into time steps, learned. A bar moves right (0) or down (1).
import { Adam, EventEncoder, Flatten, Gpu, LifNode, Linear, Model } from "@galvani/snn";
import { rateMse, Sequential, Trainer } from "@galvani/snn";
import { binEvents, collectEvents, eventDataset } from "@galvani/snn/datasets";
import { readNmnist, recordingOf } from "@galvani/snn/datasets";

const SHAPE = [2, 34, 34] as const;
const T = 20;

/** A file: the bar's front is ON, what it leaves is OFF; 5 bytes an event, a step of the bar in 3 ms. */
function movingBar(label: number, start: number): Uint8Array {
  const bytes: number[] = [];
  for (let step = 0; step < 20; step++) {
    for (let along = 0; along < 8; along++) {
      for (const on of [1, 0]) {
        const [across, place] = [step + 4 + on, start + along];
        const [x, y] = label === 0 ? [across, place] : [place, across];
        const t = 3000 * step + 100 * along;
        bytes.push(x, y, on << 7 | t >> 16, t >> 8 & 255, t & 255);
      }
    }
  }
  return new Uint8Array(bytes);
}

const recordings = await Promise.all(Array.from({ length: 64 }, async (_, i) => {
  const label = i % 2;
  const events = await collectEvents(
    readNmnist(movingBar(label, i % 13 + 4), { name: `${i}.bin` }),
  );
  // As SpikingJelly cuts them: T steps of equally many events.
  return binEvents(recordingOf(events, { shape: SHAPE, label }), {
    splitBy: "number",
    framesNumber: T,
  });
}));
const data = eventDataset(recordings, { shape: SHAPE });

using gpu = await Gpu.request();
const network = new Sequential([new Flatten(), new Linear(2 * 34 * 34, 2), new LifNode()]);
const options = { input: data.shape, encoder: new EventEncoder(), timeSteps: T, batchSize: 16 };
using model = await Model.compile(gpu, network, options);
using trainer = new Trainer(model, {
  loss: rateMse(),
  optimizer: new Adam({ learningRate: 1e-2 }),
});
const [train, test] = [data.slice(0, 48), data.slice(48)];
for await (const { epoch, testLoss, testAccuracy } of trainer.fit(train, { epochs: 20, test })) {
  console.log(epoch, testLoss.toFixed(4), testAccuracy);
}
