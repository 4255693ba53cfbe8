import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  CubaLifNode,
  Gpu,
  IfNode,
  LifNode,
  LiNode,
  ParametricLifNode,
  Simulation,
} from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";

const CLOSE = { rtol: 1e-5, atol: 1e-6 };

function randomValues(length: number, low: number, high: number, seed = 1): Float32Array {
  const random = new Random(seed);
  return new Float32Array(length).map(() => random.uniform(low, high));
}

for (const T of [5, 32, 129, 150]) {
  Deno.test(`a run of ${2 * T} steps equals two of ${T} that carry the state on`, async () => {
    const gpu = await sharedGpu();
    const node = new LifNode({ tau: 1.5, vReset: null, storeV: true });
    const neurons = 70;
    using long = await Simulation.compile(gpu, node, { timeSteps: 2 * T, neurons });
    using short = await Simulation.compile(gpu, node, { timeSteps: T, neurons: [7, 10] });
    const current = randomValues(2 * T * neurons, -0.5, 2.5);
    const whole = await long.forward(current);
    const first = await short.forward(current.subarray(0, T * neurons));
    const second = await short.forward(current.subarray(T * neurons), { state: "carry" });
    assertEquals([...whole.spikes], [...first.spikes, ...second.spikes]);
    assertEquals([...whole.v!], [...first.v!, ...second.v!]);
    assertEquals(whole.vFinal, second.vFinal);
    // Backward: the gradient of the initial potential of the second half is that of the first's end.
    const upstream = randomValues(2 * T * neurons, -1, 1, 2);
    const back = await long.backward({ spikes: upstream });
    const later = await short.backward({ spikes: upstream.subarray(T * neurons) });
    assertClose(later.x, back.x.subarray(T * neurons), CLOSE);
    await short.forward(current.subarray(0, T * neurons));
    const v = new Float32Array(T * neurons);
    v.set(later.vInit, (T - 1) * neurons);
    const earlier = await short.backward({ spikes: upstream.subarray(0, T * neurons), v });
    assertClose(earlier.x, back.x.subarray(0, T * neurons), CLOSE);
    assertClose(earlier.vInit, back.vInit, CLOSE);
  });
}

Deno.test("a gradient that is the same at each step equals that gradient at each step", async () => {
  const gpu = await sharedGpu();
  const [timeSteps, neurons] = [9, 5];
  using layer = await Simulation.compile(gpu, new ParametricLifNode(), { timeSteps, neurons });
  const current = randomValues(timeSteps * neurons, 0, 3);
  const constant = randomValues(neurons, -1, 1, 2);
  await layer.forward(current);
  const one = await layer.backward({ spikes: constant });
  await layer.forward(current);
  const dense = Float32Array.from(
    { length: timeSteps * neurons },
    (_, i) => constant[i % neurons]!,
  );
  assertEquals(await layer.backward({ spikes: dense }), one);
});

Deno.test("the state starts anew unless it is said to carry on", async () => {
  const gpu = await sharedGpu();
  using layer = await Simulation.compile(gpu, new IfNode({ vInit: 0.25 }), {
    timeSteps: 1,
    neurons: 2,
  });
  const current = Float32Array.of(0.5, 0.25);
  await assertRejects(() => layer.forward(current, { state: "carry" }), TypeError, "carry on");
  assertEquals((await layer.forward(current)).vFinal, Float32Array.of(0.75, 0.5));
  assertEquals((await layer.forward(current)).vFinal, Float32Array.of(0.75, 0.5));
  const carried = await layer.forward(current, { state: "carry" });
  assertEquals(carried.vFinal, Float32Array.of(0, 0.75));
  assertEquals(carried.spikes, Uint8Array.of(1, 0));
  const given = await layer.forward(current, { state: Float32Array.of(-1, 0.75) });
  assertEquals(given.vFinal, Float32Array.of(-0.5, 0));
});

Deno.test("a simulation says what is wrong with its input", async () => {
  const gpu = await sharedGpu();
  const make = (timeSteps: number, neurons: number | number[]) =>
    Simulation.compile(gpu, new LifNode(), { timeSteps, neurons });
  await assertRejects(() => make(0, 3), RangeError, "timeSteps");
  await assertRejects(() => make(3, [2, 1.5]), RangeError, "neurons");
  const layer = await make(3, [2, 2]);
  const error = await assertRejects(() => layer.forward(new Float32Array(11)), RangeError);
  assertStringIncludes(error.message, "[T, N], 12 numbers: it has 11");
  await assertRejects(
    () => layer.forward(new Float32Array(12), { state: new Float32Array(3) }),
    RangeError,
    "[N], 4 numbers: it has 3",
  );
  await assertRejects(() => layer.backward({ spikes: new Float32Array(12) }), TypeError, "forward");
  await layer.forward(new Float32Array(12));
  await assertRejects(() => layer.backward({}), TypeError, "no gradient");
  await assertRejects(
    () => layer.backward({ spikes: new Float32Array(5) }),
    RangeError,
    "12 numbers",
  );
  await layer.backward({ spikes: new Float32Array(12) });
  await assertRejects(() => layer.backward({ spikes: new Float32Array(12) }), TypeError, "forward");
  layer.dispose();
  await assertRejects(() => layer.forward(new Float32Array(12)), TypeError, "disposed");
});

Deno.test("neurons that are too many for one buffer are split, and give the same", async () => {
  const gpu = await sharedGpu();
  const [timeSteps, neurons] = [9, 70];
  const node = new ParametricLifNode({ tau: 1.75, storeV: true });
  const shape = { timeSteps, neurons };
  using whole = await Simulation.compile(gpu, node, shape);
  // Room for 24 neurons: three parts.
  using small = await Gpu.request();
  Object.defineProperty(small, "largestBuffer", { value: 31 * 3 * 16 });
  using split = await Simulation.compile(small, node, shape);
  const current = randomValues(timeSteps * neurons, -0.5, 3);
  for (const state of ["reset", "carry", randomValues(neurons, -1, 1, 3)] as const) {
    assertEquals(await split.forward(current, { state }), await whole.forward(current, { state }));
    const upstream = {
      spikes: randomValues(neurons, -1, 1, 4),
      v: randomValues(timeSteps * neurons, -1, 1, 5),
    };
    const { w: wantW, learned: wantLearned, ...want } = await whole.backward(upstream);
    const { w, learned, ...got } = await split.backward(upstream);
    assertEquals(got, want);
    assertClose([w!], [wantW!], CLOSE);
    assertEquals([wantLearned.w![0], learned.w![0]], [wantW, w]);
  }
});

Deno.test("neurons that are too many for one copy run in slices, and give the same", async () => {
  using gpu = await Gpu.request();
  // 38 MB of current: slices of 2 MB, of which the last is not full.
  const [timeSteps, neurons] = [61, 150_003];
  const node = new ParametricLifNode({ tau: 1.75 });
  using sliced = await Simulation.compile(gpu, node, { timeSteps, neurons });
  // The same in parts of 19 MB, each copied whole.
  using small = await Gpu.request();
  Object.defineProperty(small, "largestBuffer", { value: 20 << 20 });
  using whole = await Simulation.compile(small, node, { timeSteps, neurons });
  const current = randomValues(timeSteps * neurons, -0.5, 3);
  const got = await sliced.forward(current);
  const want = await whole.forward(current);
  // Not assertEquals, which takes minutes for millions of numbers.
  const same = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let equal = 0;
    while (equal < a.length && a[equal] === b[equal]) equal++;
    assertEquals([equal, a.length], [b.length, b.length]);
  };
  for (const name of ["spikes", "counts", "vFinal"] as const) same(got[name], want[name]);
  const upstream = {
    spikes: randomValues(timeSteps * neurons, -1, 1, 4),
    v: randomValues(timeSteps * neurons, -1, 1, 5),
  };
  const { w: wantW, ...wantX } = await whole.backward(upstream);
  const { w, ...gotX } = await sliced.backward(upstream);
  same(gotX.x, wantX.x);
  same(gotX.vInit, wantX.vInit);
  if (gpu.preset.textureReads) assert(gpu.scratchBytes < small.scratchBytes / 4);
  assertClose([w!], [wantW!], CLOSE);
});

Deno.test("neurons with constants of their own are split at any place, and give the same", async () => {
  const gpu = await sharedGpu();
  // Samples of 7 neurons, parts of 23 or 24: each part starts within a sample.
  const [timeSteps, neurons, features] = [9, 70, 7];
  const each = (low: number) => Float32Array.from({ length: features }, (_, n) => low + n / 4);
  const node = new CubaLifNode({
    tauSyn: { learned: each(1.5) },
    tauMem: { learned: 3 },
    vThreshold: each(0.5),
    vInit: each(-0.5),
    iInit: each(0),
  });
  const shape = { timeSteps, neurons, features, traces: ["i", "v"] };
  using whole = await Simulation.compile(gpu, node, shape);
  using small = await Gpu.request();
  Object.defineProperty(small, "largestBuffer", { value: 31 * 3 * 16 });
  using split = await Simulation.compile(small, node, shape);
  const current = randomValues(timeSteps * neurons, -0.5, 2);
  for (const state of ["reset", "carry", { i: randomValues(neurons, -1, 1, 3) }] as const) {
    assertEquals(await split.forward(current, { state }), await whole.forward(current, { state }));
    const upstream = {
      spikes: randomValues(neurons, -1, 1, 4),
      traces: { i: randomValues(timeSteps * neurons, -1, 1, 5) },
    };
    const { learned: wantLearned, ...want } = await whole.backward(upstream);
    const { learned, ...got } = await split.backward(upstream);
    assertEquals(got, want);
    assertEquals(learned.w_syn!.length, features);
    for (const name of ["w_syn", "w_mem"]) assertClose(learned[name]!, wantLearned[name]!, CLOSE);
  }
});

Deno.test("a run of two variables equals two runs of half the steps that carry both on", async () => {
  const gpu = await sharedGpu();
  const [T, neurons] = [70, 10];
  const node = new CubaLifNode({ vReset: null, iInit: 0.5, vInit: -0.25, storeV: true });
  using long = await Simulation.compile(gpu, node, { timeSteps: 2 * T, neurons });
  using short = await Simulation.compile(gpu, node, { timeSteps: T, neurons });
  const current = randomValues(2 * T * neurons, -0.25, 0.5);
  const whole = await long.forward(current);
  const first = await short.forward(current.subarray(0, T * neurons));
  const second = await short.forward(current.subarray(T * neurons), { state: "carry" });
  assertEquals([...whole.spikes], [...first.spikes, ...second.spikes]);
  assertClose(second.final.i!, whole.final.i!, CLOSE);
  assertEquals(Object.keys(whole.traces), ["v"]);
  const upstream = randomValues(2 * T * neurons, -1, 1, 2);
  const back = await long.backward({ spikes: upstream });
  await short.forward(current.subarray(T * neurons), { state: first.final });
  const later = await short.backward({ spikes: upstream.subarray(T * neurons) });
  assertClose(later.x, back.x.subarray(T * neurons), CLOSE);
});

Deno.test("a simulation says which variables its neurons have, and what doesn't fit them", async () => {
  const gpu = await sharedGpu();
  const shape = { timeSteps: 3, neurons: 4 };
  using cuba = await Simulation.compile(gpu, new CubaLifNode(), shape);
  const current = new Float32Array(12);
  await assertRejects(
    () => cuba.forward(current, { state: { u: new Float32Array(4) } }),
    RangeError,
    "the variables of their state are v, i: current value is u",
  );
  await assertRejects(
    () => cuba.forward(current, { state: { i: new Float32Array(3) } }),
    RangeError,
    "state of i must be [N], 4 numbers: it has 3",
  );
  await cuba.forward(current);
  await assertRejects(
    () => cuba.backward({ traces: { u: current } }),
    RangeError,
    "the variables of their state are v, i: current value is u",
  );
  using li = await Simulation.compile(gpu, new LiNode(), shape);
  await li.forward(current);
  await assertRejects(
    () => li.backward({ spikes: current }),
    TypeError,
    "Cannot go back through neurons as LiNode neurons have no spikes",
  );
  await assertRejects(
    () => Simulation.compile(gpu, new LifNode({ tau: [2, 3, 4] }), shape),
    RangeError,
    "Cannot compile LifNode neurons as decay must have a number for each of the sample's 4 neurons: " +
      "it has 3",
  );
  using initial = await Simulation.compile(gpu, new CubaLifNode({ iInit: [1, 2] }), shape);
  await assertRejects(
    () => initial.forward(current),
    RangeError,
    "the first i must have a number for each of the sample's 4 neurons: it has 2",
  );
  await assertRejects(
    () => Simulation.compile(gpu, new LifNode(), { ...shape, features: 3 }),
    RangeError,
    "features must divide the 4 neurons: current value is 3",
  );
  await assertRejects(
    () => Simulation.compile(gpu, new LifNode(), { ...shape, traces: ["i"] }),
    RangeError,
    "what is kept of their state must be one of v: current value is i",
  );
});
