import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  AdaptiveAvgPool2d,
  AvgPool1d,
  AvgPool2d,
  type Gpu,
  MaxPool1d,
  MaxPool2d,
  SumPool2d,
  VotingLayer,
} from "../../mod.ts";
import { type Layer, layerFromJson, Random } from "../../src/extend.ts";
import { type PoolCase, runPool } from "../reference/pool.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";
import { type LayerRun, runLayer } from "../support/layer_run.ts";
import { TestProgram } from "../support/test_program.ts";

/** A pool of a signal. */
interface PoolRun extends PoolCase, Pick<LayerRun, "timeSteps" | "batch" | "kind" | "over"> {
  readonly channels: number;
  readonly line: boolean;
  /** Whether it is a VotingLayer, which takes lines without channels. */
  readonly voting?: boolean;
  readonly gradient: LayerRun["gradient"]["over"];
  readonly scale?: number;
}

/** Draws a pool whose sizes are small. */
function randomPool(random: Random): PoolRun {
  const draw = (least: number, most: number) => least + random.below(most - least + 1);
  const pick = <T>(...choices: T[]): T => choices[random.below(choices.length)]!;
  const gives = pick("largest", "sum", "mean");
  const line = gives !== "sum" && pick(true, false, false);
  const pair = (of: (i: 0 | 1) => number, first: number): [number, number] => [
    line ? first : of(0),
    of(1),
  ];
  const kernelSize = pair(() => draw(1, 4), 1);
  const kind = pick("spikes", "numbers");
  const over = kind === "spikes" ? "time" : pick("time", "constant");
  return {
    gives,
    line,
    kernelSize,
    stride: pick(true, false) ? kernelSize : pair(() => draw(1, 4), 1),
    padding: pick(true, false) ? [0, 0] : pair((i) => draw(0, kernelSize[i] >> 1), 0),
    ceilMode: gives !== "sum" && pick(true, false),
    countIncludePad: pick(true, false),
    size: pair((i) => kernelSize[i] + draw(0, 6), 1),
    channels: pick(1, 2, 3, 5, 8),
    timeSteps: pick(1, 3, 4, 5, 8, 33, 65),
    batch: pick(1, 2, 3),
    kind,
    over,
    gradient: over === "constant" ? "summed" : pick("time", "constant"),
    ...kind === "spikes" && pick(true, false) ? { scale: 1.25 } : {},
  };
}

function layerOf(run: PoolRun): Layer {
  const { gives, line, kernelSize, stride, padding, ceilMode, countIncludePad } = run;
  if (run.voting) return new VotingLayer(kernelSize[1]);
  const mean = gives === "mean" ? { countIncludePad } : {};
  if (line) {
    const options = { stride: stride[1], padding: padding[1], ceilMode, ...mean };
    const Class = gives === "largest" ? MaxPool1d : AvgPool1d;
    return new Class(kernelSize[1], options);
  }
  if (gives === "sum") return new SumPool2d(kernelSize, { stride, padding });
  const Class = gives === "largest" ? MaxPool2d : AvgPool2d;
  return new Class(kernelSize, { stride, padding, ceilMode, ...mean });
}

async function check(gpu: Gpu, run: PoolRun): Promise<void> {
  const { line, size, channels, timeSteps, batch, kind, over, gives, scale = 1 } = run;
  const random = new Random(channels, timeSteps, batch);
  const steps = over === "constant" ? 1 : timeSteps;
  const layer = layerOf(run);
  // Few different numbers, so that windows have several that are the largest.
  const x = Array.from(
    { length: steps * batch * channels * size[0] * size[1] },
    () => kind === "spikes" ? Number(random.below(3) === 0) : random.below(9) / 4 - 1,
  );
  const seen = x.map((value) => kind === "spikes" ? value * scale : value);
  // A gradient that is the same at each time step stands once in the layer's input.
  let upstream: number[] = [];
  const want = runPool(run, seen, (length) => {
    const count = run.gradient === "constant" ? length / steps : length;
    upstream = Array.from({ length: count }, () => Math.fround(random.uniform(-1, 1)));
    return Array.from({ length }, (_, at) => upstream[at % count]!);
  });
  const shapeOf = ([height, width]: readonly [number, number]) =>
    run.voting ? [width] : line ? [channels, width] : [channels, height, width];
  const shape = shapeOf(size);
  assertEquals(layer.outputShape(shape), shapeOf(want.windows));
  const result = await runLayer(gpu, {
    ...run,
    layer,
    shape,
    x,
    gradient: { over: run.gradient, y: upstream },
  });
  assertEquals(result.output.kind, kind === "spikes" && gives === "largest" ? "spikes" : "numbers");
  assertEquals(result.output.over, over);
  assertClose(result.y, want.output, { rtol: 1e-6, atol: 1e-6 });
  // Where spikes become numbers, the layer itself applies what a spike counts to their gradient.
  const factor = kind === "spikes" && gives !== "largest" ? scale : 1;
  const gradient = want.inputGradient.map((g) => g * factor);
  assertClose(result.inputGradient, gradient, { rtol: 1e-6, atol: 2e-6 });
}

Deno.test("pools of any shape equal float64, forward and back", async () => {
  const gpu = await sharedGpu();
  const random = new Random(1);
  for (let i = 0; i < 24; i++) {
    const run = randomPool(random);
    try {
      await check(gpu, run);
    } catch (cause) {
      throw new Error(`${JSON.stringify(run)}: ${(cause as Error).message}`, { cause });
    }
  }
});

Deno.test("groups of neurons vote as float64 does, forward and back", async () => {
  const gpu = await sharedGpu();
  const still = { padding: [0, 0], ceilMode: false, countIncludePad: true, channels: 1 } as const;
  const pool = { gives: "mean", line: true, voting: true, ...still } as const;
  for (const [votingSize, classes] of [[10, 11], [1, 3], [7, 2]] as const) {
    for (const kind of ["spikes", "numbers"] as const) {
      await check(gpu, {
        ...pool,
        kernelSize: [1, votingSize],
        stride: [1, votingSize],
        size: [1, votingSize * classes],
        timeSteps: 5,
        batch: 3,
        kind,
        over: "time",
        gradient: "constant",
      });
    }
  }
});

Deno.test("a pool is made again from JSON", () => {
  for (
    const layer of [
      new MaxPool2d(2),
      new MaxPool2d([3, 2], { stride: [1, 2], padding: 1, ceilMode: true }),
      new MaxPool1d(4, { stride: 3, padding: 2 }),
      new AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false }),
      new AvgPool1d(2, { ceilMode: true }),
      new SumPool2d(2, { padding: 1 }),
      new AdaptiveAvgPool2d([2, 1]),
      new VotingLayer(3),
    ]
  ) {
    const again = layerFromJson(JSON.parse(JSON.stringify(layer)));
    assert(again.constructor === layer.constructor);
    assertEquals(again, layer);
  }
});

Deno.test("a pool says what comes out, and what it can't take", () => {
  assertEquals(new MaxPool2d(2).outputShape([3, 7, 6]), [3, 3, 3]);
  assertEquals(new MaxPool2d(2, { ceilMode: true }).outputShape([3, 7, 6]), [3, 4, 3]);
  assertEquals(new MaxPool2d([3, 2], { stride: 1 }).outputShape([3, 7, 6]), [3, 5, 5]);
  assertEquals(new AvgPool1d(3, { stride: 2, padding: 1 }).outputShape([4, 9]), [4, 5]);
  assertEquals(new SumPool2d(2).title(), "SumPool2d 2 x 2");
  for (
    const [layer, shape, message] of [
      [new MaxPool2d(2), [4, 4], "it takes samples of [channels, height, width]: it gets [4, 4]"],
      [new MaxPool1d(2), [1, 4, 4], "it takes samples of [channels, length]: it gets [1, 4, 4]"],
      [
        new AvgPool2d(4),
        [2, 3, 5],
        "its window is larger than what comes in with its padding, 3 x 5",
      ],
      [
        new AdaptiveAvgPool2d(2),
        [2, 4, 5],
        "outputSize must divide the size of what comes in, 4 x 5",
      ],
      [new VotingLayer(), [2, 20], "it takes samples of [features]: it gets [2, 20]"],
      [new VotingLayer(), [104], "104 features aren't a multiple of 10"],
    ] as const
  ) {
    assertThrows(() => layer.outputShape(shape), RangeError, message);
  }
  for (
    const [make, message] of [
      [() => new MaxPool2d(0), "Cannot create a MaxPool2d layer as kernelSize must be an integer"],
      [
        () => new AvgPool1d(2.5),
        "Cannot create an AvgPool1d layer as kernelSize must be an integer",
      ],
      [() => new SumPool2d(2, { stride: 0 }), "stride must be an integer of at least 1"],
      [() => new MaxPool2d(2, { padding: -1 }), "padding must be an integer of at least 0"],
      [
        () => new AvgPool2d(3, { padding: 2 }),
        "padding must be at most half of kernelSize, 3 x 3: current value is 2 x 2",
      ],
      [() => new AdaptiveAvgPool2d(0), "outputSize must be an integer of at least 1"],
      [() => new VotingLayer(0), "Cannot create a VotingLayer as votingSize must be an integer"],
    ] as const
  ) {
    assertThrows(make, RangeError, message);
  }
});

Deno.test("a pool passes no gradient on that isn't asked for, and none of potentials", async () => {
  const gpu = await sharedGpu();
  using program = new TestProgram(gpu, { timeSteps: 2, batchSize: 1 });
  const values = program.scope.buffer(32, "values");
  const { backward } = await new MaxPool2d(2).compile(program.scope, {
    kind: "numbers",
    shape: [1, 2, 2],
    over: "constant",
    values,
  });
  assertEquals(await backward({ values: { over: "summed", buffer: values } }, false), undefined);
  assertEquals(program.count("backward"), 0);
  await assertRejects(
    () => backward({ traces: { v: values } }, true),
    TypeError,
    "Cannot compile the gradient of numbers as it is one of traces only",
  );
});
