import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  crossEntropy,
  Dataset,
  DirectEncoder,
  Dropout,
  Flatten,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  Residual,
  Sequential,
} from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";
import { numbersOf, randomPictures } from "../support/training.ts";

/** Values [T][outputs] of a Linear layer, in float64. */
function linear(x: Float64Array, weight: number[], bias: number[], steps: number): Float64Array {
  const inputs = x.length / steps;
  const outputs = bias.length;
  return Float64Array.from({ length: steps * outputs }, (_, at) => {
    const [t, o] = [Math.floor(at / outputs), at % outputs];
    let sum = bias[o]!;
    for (let i = 0; i < inputs; i++) sum += x[t * inputs + i]! * weight[o * inputs + i]!;
    return sum;
  });
}

/** What LIF neurons do, in float64; how near a potential came to the threshold. */
function lif(x: Float64Array, steps: number): { spikes: number[]; v: number[]; nearest: number } {
  const neurons = x.length / steps;
  const spikes: number[] = [];
  const v: number[] = [];
  let nearest = Infinity;
  for (let at = 0; at < x.length; at++) {
    const before = at < neurons ? 0 : v[at - neurons]!;
    const h = before + (x[at]! - before) / 2;
    nearest = Math.min(nearest, Math.abs(h - 1));
    spikes.push(Number(h >= 1));
    v.push(h >= 1 ? 0 : h);
  }
  return { spikes, v, nearest };
}

for (const steps of [1, 7, 33, 70]) {
  for (const variants of ["auto", "plain"] as const) {
    Deno.test(`a recording over ${steps} steps has what each layer did: ${variants}`, async () => {
      const gpu = await sharedGpu();
      const network = new Sequential([
        new Flatten(),
        new Linear(6, 9),
        new LifNode(),
        new Residual(new Sequential([new Linear(9, 9), new LifNode()])),
        new Dropout(0.5),
        new Linear(9, 4),
      ]);
      using model = await Model.compile(gpu, network, {
        input: [2, 3],
        encoder: new DirectEncoder(),
        timeSteps: steps,
        variants,
        readout: "last",
      });
      const random = new Random(steps);
      const parameters = await model.parameters();
      for (const { data } of parameters.values()) {
        data.forEach((_, i) => data[i] = random.uniform(-1, 1.8));
      }
      model.load(parameters);
      const p = numbersOf(parameters);
      const floats = Float32Array.from({ length: steps * 6 }, () => random.uniform(0, 1.4));
      const sample = new Dataset({
        shape: [2, 3],
        content: { kind: "floats", data: floats, timeSteps: steps },
      });
      const { layers, scores, answer } = await model.record(sample);
      // In float64; no neuron may be so near its threshold that float32 decides otherwise.
      const x1 = linear(
        Float64Array.from(floats),
        p["layer.1.weight"]!,
        p["layer.1.bias"]!,
        steps,
      );
      const n2 = lif(x1, steps);
      const x3 = linear(
        Float64Array.from(n2.spikes),
        p["layer.3.inner.0.weight"]!,
        p["layer.3.inner.0.bias"]!,
        steps,
      );
      const n3 = lif(x3, steps);
      const sum = Float64Array.from(n2.spikes, (spike, i) => spike + n3.spikes[i]!);
      const x5 = linear(sum, p["layer.5.weight"]!, p["layer.5.bias"]!, steps);
      assert(Math.min(n2.nearest, n3.nearest) > 1e-5, "too near to the threshold");
      const by = new Map(layers.map((layer) => [layer.layer, layer]));
      const close = { rtol: 1e-5, atol: 1e-5 };
      assertClose(by.get("layer.0")!.values!, floats, { rtol: 0, atol: 0 });
      assertEquals(by.get("layer.0")!.shape, [6]);
      assertClose(by.get("layer.1")!.values!, x1, close);
      assertEquals([...by.get("layer.2")!.spikes!], n2.spikes);
      assertClose(by.get("layer.2")!.traces["v"]!, n2.v, close);
      assertClose(by.get("layer.3.inner.0")!.values!, x3, close);
      assertEquals([...by.get("layer.3.inner.1")!.spikes!], n3.spikes);
      assertClose(by.get("layer.3.inner.1")!.traces["v"]!, n3.v, close);
      assertClose(by.get("layer.3")!.values!, sum, close);
      assertClose(by.get("layer.5")!.values!, x5, close);
      assertEquals(by.get("layer.2")!.kind, "LifNode");
      assertEquals(by.get("layer.5")!.shape, [4]);
      assert(n2.spikes.includes(1) && n3.spikes.includes(1));
      assertClose(scores, x5.slice(-4), close);
      assertEquals(answer, scores.indexOf(Math.max(...scores)));
      assertEquals(await model.predict(sample), [{ answer, scores }]);
    });
  }
}

Deno.test("a network that ends in numbers gives their mean, their largest or the last", async () => {
  const gpu = await sharedGpu();
  const data = randomPictures({ count: 5, shape: [6], classes: 3, seed: 4 });
  for (const timeSteps of [1, 8, 13]) {
    for (const readout of ["mean", "max", "last"] as const) {
      using model = await Model.compile(
        gpu,
        new Sequential([new Linear(6, 8), new LifNode(), new Linear(8, 3)]),
        { input: [6], encoder: new PoissonEncoder(), timeSteps, readout, batchSize: 1 },
      );
      const sample = data.take([2]);
      const { layers, scores, answer } = await model.record(sample);
      const { values } = layers.at(-1)!;
      const want = [0, 1, 2].map((place) => {
        const own = Array.from({ length: timeSteps }, (_, t) => values![3 * t + place]!);
        if (readout === "last") return own.at(-1)!;
        if (readout === "max") return Math.max(...own);
        return own.reduce((sum, value) => sum + value, 0) / timeSteps;
      });
      assertClose(scores, want, { rtol: 1e-6, atol: 1e-7 });
      assertEquals(await model.predict(sample), [{ answer, scores }]);
    }
  }
});

Deno.test("a network without neurons gives its values and records no spikes", async () => {
  const gpu = await sharedGpu();
  const data = randomPictures({ count: 5, shape: [6], classes: 3, seed: 4 });
  using model = await Model.compile(gpu, new Sequential([new Linear(6, 3)]), {
    input: [6],
    encoder: new DirectEncoder(),
    timeSteps: 4,
  });
  const { scores, layers } = await model.record(data.take([0]));
  assertEquals(scores.length, 3);
  assertEquals(layers.map(({ kind }) => kind), ["Linear"]);
  assertEquals(layers.map(({ spikes, traces }) => [spikes, traces]), [[undefined, {}]]);
  // The same at each of four steps.
  assertEquals([...layers[0]!.values!], [...scores, ...scores, ...scores, ...scores]);
  assertEquals((await model.evaluate(data, { loss: crossEntropy() })).firing, []);
});

Deno.test("a sample alone is recorded, and there must be one of that number", async () => {
  const gpu = await sharedGpu();
  const data = randomPictures({ count: 5, shape: [6], classes: 3, seed: 4 });
  using model = await Model.compile(gpu, new Sequential([new Linear(6, 3), new LifNode()]), {
    input: [6],
    encoder: new DirectEncoder(),
    timeSteps: 4,
  });
  await assertRejects(() => model.record(data), RangeError, "Cannot record 5 samples at once");
  for (const index of [-1, 5, 0.5, NaN]) {
    await assertRejects(
      async () => await model.record(data.take([index])),
      RangeError,
      `Cannot take sample ${index} of a data set as there are 5, from 0`,
    );
  }
});
