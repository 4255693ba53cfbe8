// Tones that rise (0) or fall (1) and differ in length: each sample ends with its own last event.
import { Adam, crossEntropy, EventEncoder, Gpu, LifNode, Linear, LiNode } from "@galvani/snn";
import { Model, Recurrent, Sequential, Trainer } from "@galvani/snn";
import { eventDataset, ownLengths } from "@galvani/snn/datasets";
import { Random } from "@galvani/snn/extend";

const [CHANNELS, T] = [24, 40];
const random = new Random(7);

/** A tone of 10 to 60 ms: it goes over all channels, in one direction or the other. */
function tone(label: number) {
  const duration = Math.floor(random.uniform(10, 60)) * 1000; // microseconds
  const [places, times]: [number[], number[]] = [[], []];
  for (let t = 0; t < duration; t += 500) {
    const at = Math.floor(CHANNELS * t / duration);
    if (random.uniform(0, 1) < 0.3) places.push(random.below(CHANNELS));
    else places.push(label === 0 ? at : CHANNELS - 1 - at);
    times.push(t);
  }
  return { places, times, label };
}

const recordings = Array.from({ length: 320 }, (_, i) => tone(i % 2));
const timing = { timeSteps: T, stepDuration: 1000 };
// Tones of more than 40 steps of a millisecond are cut there.
const data = ownLengths(eventDataset(recordings, { shape: [CHANNELS] }), timing);
console.log("time steps:", ...Array.from(data.lengths!).slice(0, 8));

using gpu = await Gpu.request();
const network = new Sequential([
  new Linear(CHANNELS, 32),
  new Recurrent(new LifNode({ tau: 8 })),
  new Linear(32, 2),
  new LiNode({ tau: 4 }),
]);
using model = await Model.compile(gpu, network, {
  input: [CHANNELS],
  encoder: new EventEncoder(timing),
  timeSteps: T,
  readout: "last", // that of the sample, however long it is
});
using trainer = new Trainer(model, {
  loss: crossEntropy(),
  optimizer: new Adam({ learningRate: 5e-3 }),
  batchSize: 32,
});
const [train, test] = [data.slice(0, 256), data.slice(256)];
for await (const { epoch, testLoss, testAccuracy } of trainer.fit(train, { epochs: 20, test })) {
  console.log(epoch, testLoss.toFixed(4), testAccuracy);
}
