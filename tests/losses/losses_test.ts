import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  countCrossEntropy,
  crossEntropy,
  losses,
  potentialMse,
  rateCrossEntropy,
  rateMse,
  valueMse,
} from "../../mod.ts";
import { type Loss, Random } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { placeOf } from "../support/dense.ts";
import {
  answer,
  crossEntropyOf,
  overTime,
  potentialMseOf,
  rateMseOf,
  type ReadoutName,
  type Reference,
  scoresOf,
  valueMseOf,
} from "./reference.ts";
import {
  type GradientKind,
  type Output,
  runLoss,
  type Shape,
  type StepResult,
} from "./run_loss.ts";
import { sharedGpu } from "../support/gpu.ts";

interface Subject {
  what: string;
  loss: Loss;
  reads: "counts" | "values" | "potential" | "series";
  gradient: GradientKind;
  /** Of values over time. */
  readout?: ReadoutName;
  reference: Reference;
}

const SUBJECTS: readonly Subject[] = [
  {
    what: "rateMse",
    loss: rateMse(),
    reads: "counts",
    gradient: "constant",
    reference: rateMseOf(1, 0),
  },
  {
    what: "rateMse with targets",
    loss: rateMse({ correctRate: 0.75, wrongRate: 0.1 }),
    reads: "counts",
    gradient: "constant",
    reference: rateMseOf(0.75, 0.1),
  },
  {
    what: "rateCrossEntropy",
    loss: rateCrossEntropy(),
    reads: "counts",
    gradient: "constant",
    reference: crossEntropyOf((T) => 1 / T),
  },
  {
    what: "countCrossEntropy",
    loss: countCrossEntropy(),
    reads: "counts",
    gradient: "constant",
    reference: crossEntropyOf(() => 1),
  },
  {
    what: "crossEntropy",
    loss: crossEntropy(),
    reads: "values",
    gradient: "summed",
    reference: crossEntropyOf(() => 1),
  },
  {
    what: "potentialMse",
    loss: potentialMse(),
    reads: "potential",
    gradient: "v",
    reference: potentialMseOf(1, 0),
  },
  {
    what: "potentialMse with targets",
    loss: potentialMse({ correct: 0.6, wrong: -0.3 }),
    reads: "potential",
    gradient: "v",
    reference: potentialMseOf(0.6, -0.3),
  },
  {
    what: "valueMse",
    loss: valueMse(),
    reads: "values",
    gradient: "summed",
    reference: valueMseOf(1, 0),
  },
  {
    what: "valueMse with targets",
    loss: valueMse({ correct: 0.6, wrong: -0.3 }),
    reads: "values",
    gradient: "summed",
    reference: valueMseOf(0.6, -0.3),
  },
  ...(["mean", "max", "last"] as const).flatMap((readout): Subject[] => [
    {
      what: `crossEntropy of values over time by their ${readout}`,
      loss: crossEntropy(),
      reads: "series",
      gradient: "time",
      readout,
      reference: overTime(crossEntropyOf(() => 1), readout),
    },
    {
      what: `valueMse of values over time by their ${readout}`,
      loss: valueMse({ correct: 0.9, wrong: 0.1 }),
      reads: "series",
      gradient: "time",
      readout,
      reference: overTime(valueMseOf(0.9, 0.1), readout),
    },
    {
      what: `potentialMse of values over time, answered by their ${readout}`,
      loss: potentialMse({ correct: 0.6, wrong: -0.3 }),
      reads: "series",
      gradient: "time",
      readout,
      reference: potentialMseOf(0.6, -0.3),
    },
  ]),
];

/** Outputs, many of whose classes are equal in count or value. */
function randomOutput(
  shape: Shape,
  { reads, readout = "mean" }: Pick<Subject, "reads" | "readout">,
  random: Random,
): Output {
  const { batchSize, classes, timeSteps } = shape;
  const entries = batchSize * classes;
  const labels = Array.from({ length: batchSize }, () => random.below(classes));
  const numbers = (length: number, next: () => number) => Float32Array.from({ length }, next);
  if (reads === "values") {
    return { ...shape, labels, values: numbers(entries, () => random.below(9) / 2 - 2) };
  }
  if (reads === "series") {
    // Those of one class differ enough for differences: which is the largest stays the same.
    const series = new Float32Array(timeSteps * entries);
    for (let n = 0; n < entries; n++) {
      random.permutation(timeSteps).forEach((place, t) => {
        series[t * entries + n] = 2.5 * (place + random.uniform(0, 0.5)) / timeSteps - 1.5;
      });
    }
    return { ...shape, labels, readout, series };
  }
  return {
    ...shape,
    labels,
    // Up to T in one sample, few in the next.
    counts: numbers(entries, () => random.below(random.below(2) * (timeSteps - 1) + 2)),
    ...reads === "potential"
      ? { potential: numbers(timeSteps * entries, () => random.uniform(-1.5, 1)) }
      : {},
  };
}

/** What a loss reads of a sample. */
function sampleOf(output: Output, reads: Subject["reads"], sample: number): number[] {
  const { batchSize, classes, timeSteps } = output;
  const steps = reads === "potential" || reads === "series" ? timeSteps : 1;
  return Array.from(
    { length: steps * classes },
    (_, i) =>
      output[reads]![(Math.floor(i / classes) * batchSize + sample) * classes + i % classes]!,
  );
}

/** The gradients of each sample, as sampleOf has what they are for; asserts 0 past T. */
function gradientsOf({ gradient, gradients }: StepResult, shape: Shape): number[][] {
  const { batchSize, classes, timeSteps } = shape;
  const all = Array.from({ length: batchSize }, (): number[] => []);
  if (gradient !== "v" && gradient !== "time") {
    return all.map((_, sample) => [
      ...gradients.subarray(sample * classes, (sample + 1) * classes),
    ]);
  }
  gradients.forEach((value, at) => {
    const { t, n } = placeOf(at, timeSteps);
    const own = all[Math.floor(n / classes)];
    if (own && t < timeSteps) own[t * classes + n % classes] = value;
    else if (own) assertEquals(value, 0);
  });
  return all;
}

/** Central differences of a sample's loss, for an entry. */
function difference(subject: Subject, read: number[], at: number, label: number, T: number) {
  const step = 1e-4;
  const lossAt = (x: number) => subject.reference.loss(read.with(at, x), label, T);
  return (lossAt(read[at]! + step) - lossAt(read[at]! - step)) / (2 * step);
}

function checkStep(subject: Subject, output: Output, result: StepResult, samples: number): void {
  const { reads, reference } = subject;
  const { batchSize, labels, timeSteps } = output;
  assertEquals(result.gradient, subject.gradient);
  let loss = 0, correct = 0;
  const gradients = gradientsOf(result, output);
  for (let sample = 0; sample < batchSize; sample++) {
    const got = gradients[sample]!;
    if (sample >= samples) {
      assert(got.every((g) => g === 0), `sample ${sample} is empty, but has a gradient`);
      continue;
    }
    const label = labels[sample]!;
    const read = sampleOf(output, reads, sample);
    const scores = reads === "series"
      ? scoresOf(read, timeSteps, output.readout!)
      : sampleOf(output, reads === "values" ? "values" : "counts", sample);
    loss += reference.loss(read, label, timeSteps);
    correct += Number(answer(scores) === label);
    const want = reference.gradient(read, label, timeSteps);
    const largest = Math.max(
      reference.terms?.(timeSteps, output.classes) ?? 0,
      ...want.map(Math.abs),
    );
    const tolerance = { rtol: 1e-5, atol: 1e-6 * largest };
    assertClose(got.map((g) => g * batchSize), want, tolerance);
    // The differences of a few entries: the formula holds for the others too.
    for (let at = sample % 7; at < read.length; at += 1 + Math.floor(read.length / 7)) {
      assertAlmostEquals(
        got[at]! * batchSize,
        difference(subject, read, at, label, timeSteps),
        1e-5 * largest + 1e-9,
      );
    }
  }
  assertClose([result.loss], [loss], { rtol: 1e-5, atol: 1e-6 * samples });
  assertEquals(result.correct, correct);
}

/** Each two of batch, classes and T meet once. */
for (const subject of SUBJECTS) {
  [1, 7, subject.readout ? 66 : 130].forEach((batchSize, i) => {
    Deno.test(`${subject.what} equals the reference, batch ${batchSize}`, async () => {
      const gpu = await sharedGpu();
      for (const [j, classes] of [1, 3, 10].entries()) {
        const timeSteps = [1, 7, 100][(i + j) % 3]!;
        const shape = { batchSize, classes, timeSteps };
        const random = new Random(batchSize, classes, timeSteps);
        const output = randomOutput(shape, subject, random);
        const fewer = Math.max(0, batchSize - 3);
        const [full, short] = await runLoss(gpu, subject.loss, output, fewer);
        checkStep(subject, output, full, batchSize);
        checkStep(subject, output, short, fewer);
      }
    });
  });
}

Deno.test("the lowest of the classes with the largest score is the answer", async () => {
  const gpu = await sharedGpu();
  const scores = [2, 3, 3, 0, 0, 0, 1, 0, 1, 0, 0, 3];
  const labels = [1, 0, 2, 2];
  const shape = { batchSize: 4, classes: 3, timeSteps: 4, labels };
  for (const { loss, reads, readout } of SUBJECTS) {
    const values = scores.map((x) => x - 5);
    const [{ correct }] = await runLoss(gpu, loss, {
      ...shape,
      ...reads === "values"
        ? { values }
        : readout
        ? { series: [0, 1, 2, 3].flatMap(() => values), readout }
        : { counts: scores },
      ...reads === "potential" ? { potential: new Float32Array(48) } : {},
    }, 4);
    assertEquals(correct, 3);
  }
});

Deno.test("crossEntropy is exact for values far apart", async () => {
  const gpu = await sharedGpu();
  const values = [1e4, -1e4, 0, -1e30, 1e30, 0, -1e4, -1e4, -1e4];
  const output = { batchSize: 3, classes: 3, timeSteps: 1, labels: [1, 1, 0], values };
  const [{ loss, gradients }] = await runLoss(gpu, crossEntropy(), output, 3);
  assertClose([loss], [2e4 + Math.log(3)], { rtol: 1e-6, atol: 0 });
  const third = 1 / 3;
  const want = [1, -1, 0, 0, 0, 0, third - 1, third, third];
  assertClose(gradients, want.map((g) => g / 3), { rtol: 1e-6, atol: 1e-7 });
});

Deno.test("rateCrossEntropy gives the loss of a golden run", async () => {
  const gpu = await sharedGpu();
  // The first step of run c-plif-soft-sgd: spikes over 12 time steps.
  // deno-fmt-ignore
  const counts = [
    0, 3, 0, 1, 5, 7, 8, 5, 6, 2,
    0, 0, 0, 2, 4, 2, 5, 4, 3, 3,
    1, 1, 0, 2, 4, 4, 8, 5, 5, 1,
    1, 2, 0, 2, 6, 6, 10, 6, 6, 3,
    2, 0, 0, 2, 5, 4, 6, 6, 5, 3,
    5, 0, 1, 4, 9, 7, 9, 8, 7, 7,
    2, 3, 0, 3, 7, 8, 9, 6, 4, 4,
    0, 0, 0, 1, 6, 4, 7, 5, 4, 1,
  ];
  const labels = [1, 5, 1, 1, 4, 4, 1, 8];
  const output = { batchSize: 8, classes: 10, timeSteps: 12, labels, counts };
  const [{ loss }] = await runLoss(gpu, rateCrossEntropy(), output, 8);
  assertClose([loss / 8], [2.3324713706970215], { rtol: 1e-5, atol: 1e-7 });
});

Deno.test("losses are found by their names", () => {
  for (const [name, create] of Object.entries(losses)) assertEquals(create().name, name);
});
