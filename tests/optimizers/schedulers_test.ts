import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  imageDataset,
  LifNode,
  Linear,
  PoissonEncoder,
  rateMse,
  type Scheduler,
  schedulers,
  Sequential,
  Sgd,
} from "../../mod.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";
import { startTraining } from "../support/training.ts";

const { constantRate, cosineAnnealingLr, exponentialLr, linearLr, stepLr, warmUp } = schedulers;

const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

interface Schedule {
  name: string;
  scheduler: "StepLR" | "CosineAnnealingLR" | "ExponentialLR" | "LinearLR";
  config: Record<string, number>;
  base_lr: number;
  lr: number[];
}

const { schedules, tolerance }: {
  schedules: Schedule[];
  tolerance: { float64: { rtol: number; atol: number } };
} = JSON.parse(Deno.readTextFileSync(`${FOLDER}/optimizers.json`));

function create({ scheduler, config }: Schedule): Scheduler {
  const value = (name: string) => config[name]!;
  switch (scheduler) {
    case "StepLR":
      return stepLr({ stepSize: value("step_size"), gamma: value("gamma") });
    case "CosineAnnealingLR":
      return cosineAnnealingLr({ tMax: value("T_max"), etaMin: value("eta_min") });
    case "ExponentialLR":
      return exponentialLr({ gamma: value("gamma") });
    case "LinearLR":
      return linearLr({
        startFactor: value("start_factor"),
        endFactor: value("end_factor"),
        totalIters: value("total_iters"),
      });
  }
}

/** The rates of the first epochs. */
function rates(scheduler: Scheduler, base: number, epochs: number): number[] {
  return Array.from({ length: epochs }, (_, epoch) => scheduler.rate(epoch, base));
}

for (const schedule of schedules) {
  Deno.test(`a schedule follows the golden case ${schedule.name}`, () => {
    const got = rates(create(schedule), schedule.base_lr, schedule.lr.length);
    assertClose(got, schedule.lr, tolerance.float64);
  });
}

Deno.test("schedules have PyTorch's defaults", () => {
  const { float64 } = tolerance;
  assertClose(rates(stepLr({ stepSize: 1 }), 1, 3), [1, 0.1, 0.01], float64);
  assertClose([cosineAnnealingLr({ tMax: 4 }).rate(4, 1)], [0], float64);
  assertClose(rates(linearLr(), 3, 7), [1, 1.4, 1.8, 2.2, 2.6, 3, 3], float64);
});

Deno.test("warmUp rises, then counts the next schedule from its own start", () => {
  const { float64 } = tolerance;
  const next = exponentialLr({ gamma: 0.5 });
  const want = [0.2, 0.4, 0.6, 0.8, 1, 0.5, 0.25];
  assertClose(rates(warmUp(4, next, { startFactor: 0.2 }), 1, 7), want, float64);
  assertClose(rates(warmUp(2), 3, 4), [1, 2, 3, 3], float64);
  assertEquals(warmUp(4, next).name, "warmUp, exponentialLr");
});

Deno.test("schedules are found by their names", () => {
  const options = { stepSize: 2, gamma: 0.5, tMax: 3 };
  const { warmUp, ...others } = schedulers;
  for (const [name, create] of Object.entries(others)) assertEquals(create(options).name, name);
  assertEquals(warmUp(2).name, "warmUp, constantRate");
});

for (
  const [create, message] of [
    [
      () => stepLr({ stepSize: 0 }),
      'Cannot create the scheduler "stepLr" as stepSize must be an integer of at least 1: current value is 0',
    ],
    [
      () => stepLr({ stepSize: 1, gamma: 0 }),
      'Cannot create the scheduler "stepLr" as gamma must be a finite number greater than 0: current value is 0',
    ],
    [
      () => exponentialLr({ gamma: -1 }),
      'Cannot create the scheduler "exponentialLr" as gamma must be a finite number greater than 0: current value is -1',
    ],
    [
      () => cosineAnnealingLr({ tMax: 1.5 }),
      'Cannot create the scheduler "cosineAnnealingLr" as tMax must be an integer of at least 1: current value is 1.5',
    ],
    [
      () => cosineAnnealingLr({ tMax: 2, etaMin: -1 }),
      'Cannot create the scheduler "cosineAnnealingLr" as etaMin must be a finite number of at least 0: current value is -1',
    ],
    [
      () => linearLr({ startFactor: 0 }),
      'Cannot create the scheduler "linearLr" as startFactor must be greater than 0 and at most 1: current value is 0',
    ],
    [
      () => linearLr({ endFactor: 1.5 }),
      'Cannot create the scheduler "linearLr" as endFactor must be from 0 to 1: current value is 1.5',
    ],
    [
      () => linearLr({ totalIters: 0 }),
      'Cannot create the scheduler "linearLr" as totalIters must be an integer of at least 1: current value is 0',
    ],
    [
      () => warmUp(0),
      'Cannot create the scheduler "warmUp" as epochs must be an integer of at least 1: current value is 0',
    ],
    [
      () => warmUp(1, constantRate(), { startFactor: 2 }),
      'Cannot create the scheduler "warmUp" as startFactor must be greater than 0 and at most 1: current value is 2',
    ],
  ] as const
) {
  Deno.test(message, () => {
    const error = assertThrows(create, RangeError);
    assertEquals(error.message, message);
  });
}

Deno.test("a training uses the schedule's rate of each epoch", async () => {
  const gpu = await sharedGpu();
  const pixels = Uint8Array.of(255, 0, 0, 255, 255, 255, 0, 0);
  const dataset = imageDataset(pixels, { shape: [2], labels: [0, 1, 0, 1] });
  const loss = rateMse();
  const train = async (scheduler?: Scheduler) => {
    using training = await startTraining(gpu, new Sequential([new Linear(2, 2), new LifNode()]), {
      input: [2],
      encoder: new PoissonEncoder(),
      timeSteps: 8,
      batchSize: 2,
      loss,
      optimizer: new Sgd({ learningRate: 4 }),
      ...(scheduler ? { scheduler } : {}),
    });
    const { model, trainer } = training;
    const losses = [(await model.evaluate(dataset, { loss })).loss];
    const used = [];
    for await (const report of trainer.fit(dataset, { epochs: 3, test: dataset })) {
      losses.push(report.testLoss);
      used.push(report.learningRate);
    }
    return { losses, used };
  };
  const steady = await train();
  assertEquals(steady.used, [4, 4, 4]);
  const varied = await train({ name: "late", rate: (epoch, base) => epoch === 1 ? base / 2 : 0 });
  assertEquals(varied.used, [0, 2, 0]);
  const [before, first, second, third] = varied.losses;
  assertEquals(first, before);
  assert(second !== first, `the loss stayed ${first} at a rate above 0`);
  assertEquals(third, second);
});
