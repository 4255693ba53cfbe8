// What a network has to do for a picture, and what that takes beside the same network without spikes.
import { Adam, energyOf, Flatten, Gpu, LifNode, Linear, Model, PoissonEncoder } from "@galvani/snn";
import { HOROWITZ_2014, rateMse, Sequential, Trainer } from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";

using gpu = await Gpu.request();
const { train, test } = await loadMnist();
for (const timeSteps of [4, 16, 64]) {
  const layers = [new Flatten(), new Linear(784, 10, { bias: false }), new LifNode()];
  using model = await Model.compile(gpu, new Sequential(layers), {
    input: train.shape,
    encoder: new PoissonEncoder(),
    timeSteps,
  });
  using trainer = new Trainer(model, { loss: rateMse(), optimizer: new Adam(), batchSize: 128 });
  for await (const _ of trainer.fit(train.slice(0, 12_800), { epochs: 1 }));
  const { accuracy, counts } = await model.evaluate(test, { count: true });
  const { energy, withoutSpikes, breakEvenRate } = energyOf(counts!);
  const { samples, total } = counts!;
  console.log(`T ${timeSteps}: accuracy ${accuracy}`);
  console.log(`  ${Math.round(total.synapticOperations / samples)} synaptic operations a picture`);
  console.log(`  ${(energy / 1000).toFixed(1)} nJ, ${(withoutSpikes / 1000).toFixed(1)} as an ANN`);
  console.log(`  less below ${breakEvenRate!.toFixed(3)} spikes a synapse and step:`);
  console.log(`  it has ${total.inputRate.toFixed(3)}`);
  // A table of one's own: here memory costs, too, 5 pJ a byte.
  const withMemory = energyOf(counts!, { ...HOROWITZ_2014, name: "with memory", byte: 5 });
  console.log(`  ${(withMemory.energy / withMemory.withoutSpikes).toFixed(1)} times with memory`);
}
