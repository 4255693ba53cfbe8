import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  crossEntropy,
  DirectEncoder,
  LifNode,
  Linear,
  Model,
  rateMse,
  Sequential,
} from "../../mod.ts";
import { Dataset } from "../../mod.ts";
import { NeuronLayer } from "../../src/extend.ts";
import { sharedGpu } from "../support/gpu.ts";
import { last, randomPictures, startTraining } from "../support/training.ts";
import { CASES, PICTURES } from "../support/training_cases.ts";

const COUNT = PICTURES.count;
/** The same samples without their classes. */
const UNLABELLED = new Dataset({ shape: PICTURES.shape, content: PICTURES.content });

Deno.test("an evaluation tells who was taken for whom, and who fired how often", async () => {
  const gpu = await sharedGpu();
  for (const { network, options } of CASES) {
    using training = await startTraining(gpu, network(), options);
    const { model, trainer } = training;
    const report = await last(trainer.fit(PICTURES, { epochs: 2, test: PICTURES }));
    const { answers, confusion, accuracy, firing } = report.test!;
    assertEquals(answers.length, COUNT);
    const right = answers.filter((answer, i) => answer === PICTURES.labels![i]).length;
    assertEquals(accuracy, right / COUNT);
    const want = new Uint32Array(9);
    answers.forEach((answer, i) => want[3 * PICTURES.labels![i]! + answer]!++);
    assertEquals(confusion, want);
    const again = await model.evaluate(PICTURES, { loss: options.loss });
    assertEquals(again, report.test);
    // Without a loss all is the same but that.
    assertEquals(await model.evaluate(PICTURES), { ...again, loss: 0 });
    if (!(options.encoder instanceof DirectEncoder)) continue;
    // With direct coding nothing is random: each image alone gives the same.
    const layers = network().layers.flatMap((layer, i) =>
      layer instanceof NeuronLayer ? [`layer.${i}`] : []
    );
    assertEquals(firing.map(({ layer }) => layer), layers);
    const sums = firing.map(({ rates }) => new Float64Array(rates.length));
    for (let i = 0; i < COUNT; i++) {
      const { answer, layers } = await model.record(PICTURES.take([i]));
      assertEquals(answer, answers[i]);
      layers.filter(({ spikes }) => spikes).forEach(({ shape, spikes }, l) =>
        spikes!.forEach((spike, at) => sums[l]![at % shape[0]!]! += spike)
      );
    }
    firing.forEach(({ rates, meanRate, silent }, l) => {
      const exact = sums[l]!.map((sum) => sum / COUNT / options.timeSteps);
      assertEquals(rates, Float32Array.from(exact));
      assertEquals(silent, exact.filter((rate) => rate === 0).length);
      const mean = exact.reduce((sum, rate) => sum + rate, 0) / rates.length;
      assert(Math.abs(meanRate - mean) < 1e-12);
    });
  }
});

Deno.test("predictions need no labels, and are an evaluation's answers", async () => {
  const gpu = await sharedGpu();
  for (const { network, options } of CASES) {
    using training = await startTraining(gpu, network(), options);
    const { model, trainer } = training;
    await last(trainer.fit(PICTURES, { epochs: 1 }));
    const predictions = await model.predict(UNLABELLED);
    const { answers } = await model.evaluate(PICTURES);
    assertEquals(predictions.map(({ answer }) => answer), [...answers]);
    assertEquals(await model.predict(PICTURES), predictions);
    for (const { answer, scores } of predictions) {
      assertEquals(scores.length, 3);
      assertEquals(answer, scores.indexOf(Math.max(...scores)));
      // Spikes per time step.
      for (const score of scores) {
        assert(score >= 0 && score <= 1);
        const spikes = score * options.timeSteps;
        assert(Math.abs(spikes - Math.round(spikes)) < 1e-5);
      }
    }
    // A sample alone is the first of its batch, in a recording too.
    const one = UNLABELLED.slice(3, 4);
    const [prediction] = await model.predict(one);
    const { answer, scores } = await model.record(one);
    assertEquals(prediction, { answer, scores });
  }
});

Deno.test("what needs labels refuses samples without, and says who needs none", async () => {
  const gpu = await sharedGpu();
  const { network, options } = CASES[0]!;
  using model = await Model.compile(gpu, network(), options);
  await assertRejects(
    () => model.evaluate(UNLABELLED),
    TypeError,
    "Cannot use a data set without labels here: predict() needs none",
  );
});

Deno.test("each loss of an evaluation has its own value", async () => {
  const gpu = await sharedGpu();
  using model = await Model.compile(gpu, new Sequential([new Linear(12, 3)]), {
    input: [12],
    encoder: new DirectEncoder(),
    timeSteps: 2,
    batchSize: 16,
  });
  const first = await model.evaluate(PICTURES, { loss: crossEntropy() });
  // The mean over each sample's, from its scores.
  const predictions = await model.predict(PICTURES);
  const want = predictions.reduce((sum, { scores }, i) => {
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    return sum - Math.log(Math.exp(scores[PICTURES.labels![i]!]!) / total);
  }, 0) / COUNT;
  assert(Math.abs(first.loss - want) < 1e-6 * want, `${first.loss} is not ${want}`);
  await assertRejects(
    () => model.evaluate(PICTURES, { loss: rateMse() }),
    TypeError,
    "rateMse",
  );
  assertEquals(await model.evaluate(PICTURES, { loss: crossEntropy() }), first);
});

Deno.test("batches of any size give the same answers with direct coding", async () => {
  const gpu = await sharedGpu();
  const data = randomPictures({ count: 21, shape: [12], classes: 3, seed: 9 });
  const options = { input: [12], encoder: new DirectEncoder(), timeSteps: 6 };
  const network = () => new Sequential([new Linear(12, 5), new LifNode(), new Linear(5, 3)]);
  const answers = [];
  for (const batchSize of [1, 4, 21, 128]) {
    using model = await Model.compile(gpu, network(), { ...options, batchSize });
    answers.push({ predictions: await model.predict(data), all: await model.evaluate(data) });
  }
  for (const other of answers.slice(1)) assertEquals(other, answers[0]);
});

Deno.test("a model made again from its JSON answers the same", async () => {
  const gpu = await sharedGpu();
  for (const { network, options } of CASES) {
    using model = await Model.compile(gpu, network(), options);
    const json = JSON.parse(JSON.stringify(model.toJSON()));
    using again = await Model.fromJson(gpu, json, { batchSize: options.batchSize! });
    assertEquals(again.toJSON(), model.toJSON());
    assertEquals(await again.parameters(), await model.parameters());
    assertEquals(await again.predict(PICTURES), await model.predict(PICTURES));
  }
});
