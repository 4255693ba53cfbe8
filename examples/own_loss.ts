// A loss of one's own: the mean absolute error between firing rates and a one-hot target.
import {
  Adam,
  DirectEncoder,
  Gpu,
  LifNode,
  Linear,
  Model,
  Sequential,
  Trainer,
} from "@galvani/snn";
import { imageDataset } from "@galvani/snn/datasets";
import { sampleLoss } from "@galvani/snn/extend";

const absoluteError = sampleLoss({
  name: "absoluteError",
  reads: "counts", // spikes over T of each class, by score(first + c)
  wgsl: `
override time_steps: f32;
override scale: f32;  // 1 / (batch * classes * T)

fn sample_loss(first: u32, label: u32) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < classes; c++) {
    let error = score(first + c) / time_steps - select(0.0, 1.0, c == label);
    sum += abs(error);
    set_gradient(first + c, sign(error) * scale);
  }
  return sum / f32(classes);
}`,
  values: ({ batchSize, timeSteps, classes }) => ({
    timeSteps,
    scale: 1 / (batchSize * classes * timeSteps),
  }),
});

// Samples of 8 numbers: the first four are bright, or the last four.
const labels = Array.from({ length: 64 }, (_, i) => i % 2);
const bright = (i: number) => (i % 8 < 4 ? 0 : 1) === labels[Math.floor(i / 8)];
const pixels = Uint8Array.from({ length: 64 * 8 }, (_, i) => bright(i) ? 180 : 60);
const data = imageDataset(pixels, { shape: [8], labels });

using gpu = await Gpu.request();
using model = await Model.compile(gpu, new Sequential([new Linear(8, 2), new LifNode()]), {
  input: data.shape,
  encoder: new DirectEncoder(),
  timeSteps: 16,
});
using trainer = new Trainer(model, {
  loss: absoluteError,
  optimizer: new Adam({ learningRate: 5e-3 }),
  batchSize: 16,
});
for await (const { epoch, trainLoss, trainAccuracy } of trainer.fit(data, { epochs: 40 })) {
  if (epoch % 10 === 0) console.log(epoch, trainLoss, trainAccuracy);
}
