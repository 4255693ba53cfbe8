// Events of one's own: sparse spikes with times, of two channels of 6 x 6, as an event camera gives them.
import {
  Adam,
  countCrossEntropy,
  EventEncoder,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  Model,
  Sequential,
  Trainer,
} from "@galvani/snn";
import { eventDataset } from "@galvani/snn/datasets";

const [channels, height, width] = [2, 6, 6];

/** A point that moves to the right (label 0) or down (label 1), an event every 500 us. */
function movingPoint(label: number, start: number) {
  const places: number[] = [];
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const [y, x] = label === 0 ? [start, i] : [i, start];
    for (let channel = 0; channel < channels; channel++) {
      places.push((channel * height + y) * width + x);
      times.push(500 * i + 100 * channel);
    }
  }
  return { places, times, label };
}

const recordings = Array.from({ length: 48 }, (_, i) => movingPoint(i % 2, Math.floor(i / 2) % 6));
const data = eventDataset(recordings, { shape: [channels, height, width] });

using gpu = await Gpu.request();
const network = new Sequential([
  new Flatten(),
  new Linear(channels * height * width, 24),
  new LifNode({ tau: 4, decayInput: false, vThreshold: 0.5 }),
  new Linear(24, 2),
  new LifNode({ tau: 4, decayInput: false, vThreshold: 0.5 }),
]);
using model = await Model.compile(gpu, network, {
  input: data.shape,
  encoder: new EventEncoder({ stepDuration: 250 }), // microseconds
  timeSteps: 12,
});
using trainer = new Trainer(model, {
  loss: countCrossEntropy(),
  optimizer: new Adam({ learningRate: 1e-2 }),
  batchSize: 16,
});
for await (const epoch of trainer.fit(data, { epochs: 30 })) {
  if (epoch.epoch % 10 === 0) console.log(epoch.epoch, epoch.trainLoss, epoch.trainAccuracy);
}
