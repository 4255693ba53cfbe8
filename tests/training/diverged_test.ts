import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  crossEntropy,
  DirectEncoder,
  DivergedError,
  LifNode,
  Linear,
  rateMse,
  Sequential,
  Sgd,
  type TrainerState,
} from "../../mod.ts";
import { sharedGpu } from "../support/gpu.ts";
import { last, startTraining } from "../support/training.ts";
import { PICTURES } from "../support/training_cases.ts";

Deno.test("a loss that is no number ends the training", async () => {
  const gpu = await sharedGpu();
  for (const call of ["fit", "steps"] as const) {
    using training = await startTraining(gpu, new Sequential([new Linear(12, 3)]), {
      input: [12],
      encoder: new DirectEncoder(),
      timeSteps: 1,
      batchSize: 5,
      loss: crossEntropy(),
      optimizer: new Sgd({ learningRate: 1e38 }),
    });
    const error = await assertRejects(
      () => last<unknown>(training.trainer[call](PICTURES, { epochs: 1 })),
      DivergedError,
      "the learning rate, 1e+38, is too high",
    );
    assertEquals(error.epoch, 1);
    assert(error.step > 1 && error.step <= 10);
  }
});

Deno.test("a parameter that is no number ends the training, even if the spikes hide it", async () => {
  const gpu = await sharedGpu();
  const layers = [
    new Linear(12, 6, { bias: true }),
    new LifNode(),
    new Linear(6, 3),
    new LifNode(),
  ];
  const options = {
    input: [12],
    encoder: new DirectEncoder(),
    timeSteps: 4,
    batchSize: 5,
    loss: rateMse(),
    optimizer: new Sgd({ learningRate: 3e38, momentum: 0.9 }),
  };
  using training = await startTraining(gpu, new Sequential(layers), options);
  const { trainer } = training;
  const kept: TrainerState[] = [];
  const error = await assertRejects(
    () =>
      last(trainer.fit(PICTURES, {
        epochs: 3,
        checkpointEvery: 1,
        onCheckpoint: (state) => void kept.push(state),
      })),
    DivergedError,
  );
  const message =
    /^Cannot go on training as "layer\.\d\.(weight|bias)" has a parameter that is (NaN|-?Infinity) in epoch 1, step \d+: /;
  assertMatch(error.message, message);
  for (const { parameters } of kept) {
    for (const { data } of parameters.values()) {
      assert(Array.from(data, Number).every(Number.isFinite));
    }
  }
  await assertRejects(() => trainer.state(), DivergedError);
  using other = await startTraining(gpu, new Sequential(layers), options);
  // Steps look at the parameters at the end of an epoch.
  assertMatch(
    (await assertRejects(
      () => last(other.trainer.steps(PICTURES, { epochs: 3 })),
      DivergedError,
    )).message,
    message,
  );
});
