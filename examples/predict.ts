// What a network says of samples that have no labels, and what its neurons do meanwhile.
import { DirectEncoder, Flatten, Gpu, LifNode, Linear, Model, Sequential } from "@galvani/snn";
import { imageDataset } from "@galvani/snn/datasets";

using gpu = await Gpu.request();
const network = new Sequential([new Flatten(), new Linear(9, 2), new LifNode({ vThreshold: 0.1 })]);
using model = await Model.compile(gpu, network, {
  input: [1, 3, 3],
  encoder: new DirectEncoder(),
  timeSteps: 16,
});

// Two pictures of 3 x 3: a column and a row. No labels are needed.
const pictures = imageDataset(
  Uint8Array.from([0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 255, 255, 255, 0, 0, 0]),
  { shape: [1, 3, 3] },
);
for (const { answer, scores } of await model.predict(pictures)) {
  console.log(
    `class ${answer}: ${[...scores].map((rate) => rate.toFixed(2)).join(" ")} spikes a step`,
  );
}

const { layers } = await model.record(pictures.take([0]));
for (const { layer, kind, shape, spikes, values, traces } of layers) {
  const what = spikes
    ? `${spikes.reduce((sum, s) => sum + s, 0)} spikes`
    : `${values!.length} numbers`;
  console.log(
    `${layer} ${kind} [${shape}]: ${what}; it keeps ${Object.keys(traces).join() || "nothing"}`,
  );
}
