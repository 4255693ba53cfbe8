import { assertEquals, assertThrows } from "@std/assert";
import { LinearAttention, SpikingSelfAttention } from "../../mod.ts";
import { layerFromJson, Random } from "../../src/extend.ts";
import { checkGoldenLayer, type GoldenCase } from "../support/golden_layer.ts";
import { sharedGpu } from "../support/gpu.ts";

/** Sizes of a problem, and what comes in. */
interface Case {
  readonly heads: number;
  readonly width: number;
  readonly tokens: number;
  readonly T: number;
  readonly B: number;
  readonly kind: "spikes" | "numbers";
  readonly over?: "time" | "constant";
}

const CASES: readonly Case[] = [
  { heads: 1, width: 1, tokens: 1, T: 1, B: 1, kind: "spikes" },
  { heads: 2, width: 3, tokens: 5, T: 4, B: 2, kind: "spikes" },
  { heads: 3, width: 4, tokens: 7, T: 5, B: 3, kind: "spikes" },
  { heads: 2, width: 9, tokens: 16, T: 33, B: 2, kind: "spikes" },
  { heads: 2, width: 5, tokens: 3, T: 7, B: 3, kind: "numbers" },
  { heads: 1, width: 6, tokens: 4, T: 3, B: 2, kind: "numbers", over: "constant" },
];

/** Attention in the plainest way: what comes out, and the gradient of what comes in. */
function attention(
  { heads, width, tokens, T, B }: Case,
  scale: number,
  x: Float64Array,
  gradient: Float64Array,
): { y: Float64Array; back: Float64Array } {
  const channels = heads * width;
  const [y, back] = [new Float64Array(gradient.length), new Float64Array(x.length)];
  const inAt = (n: number, part: number, c: number, l: number) =>
    ((n * 3 + part) * channels + c) * tokens + l;
  const outAt = (n: number, c: number, l: number) => (n * channels + c) * tokens + l;
  for (let n = 0; n < T * B; n++) {
    for (let head = 0; head < channels; head += width) {
      for (let i = head; i < head + width; i++) {
        for (let j = head; j < head + width; j++) {
          // Of every two tokens: the value of one counts as its key is like the query of the other.
          for (let l = 0; l < tokens; l++) {
            for (let m = 0; m < tokens; m++) {
              const [v, k, q] = [inAt(n, 2, i, m), inAt(n, 1, j, m), inAt(n, 0, j, l)];
              const g = scale * gradient[outAt(n, i, l)]!;
              y[outAt(n, i, l)]! += scale * x[v]! * x[k]! * x[q]!;
              back[v]! += g * x[k]! * x[q]!;
              back[k]! += g * x[v]! * x[q]!;
              back[q]! += g * x[v]! * x[k]!;
            }
          }
        }
      }
    }
  }
  return { y, back };
}

for (const each of CASES) {
  const { heads, width, tokens, T, B, kind, over = "time" } = each;
  const what = `${heads} x ${width} x ${tokens}, T ${T}, batch ${B}, ${kind}, ${over}`;
  Deno.test(`attention equals float64: ${what}`, async () => {
    const gpu = await sharedGpu();
    const random = new Random(heads, width, tokens, T);
    const scale = 0.3;
    const shape = [3 * heads * width, tokens];
    const inputs = B * shape[0]! * tokens;
    const draw = () => kind === "spikes" ? random.below(2) : Math.fround(random.uniform(-1, 1));
    const one = Float64Array.from({ length: inputs }, draw);
    const x = over === "constant"
      ? Float64Array.from({ length: T * inputs }, (_, i) => one[i % inputs]!)
      : Float64Array.from({ length: T * inputs }, draw);
    const gradient = Float64Array.from(
      { length: T * inputs / 3 },
      () => Math.fround(random.uniform(-1, 1)),
    );
    const { y, back } = attention(each, scale, x, gradient);
    // What is the same at each time step has one gradient, that of all of them.
    const summed = new Float64Array(inputs);
    back.forEach((g, i) => summed[i % inputs]! += g);
    const constant = over === "constant";
    const tensors: Record<string, ArrayLike<number>> = {
      x: constant ? one : x,
      y: constant ? y.subarray(0, inputs / 3) : y,
      grad_y: gradient,
      grad_x: constant ? summed : back,
    };
    const file = {
      metadata: { tolerance: JSON.stringify({ rtol: 1e-5, atol: 1e-5 }) },
      get: (name: string) => [...Array.from(tensors[name.slice("case.".length)]!)],
    };
    const golden: GoldenCase = {
      ...{ name: "case", layer: { type: "LinearAttention" } },
      ...{ T, B, shape, kind, over },
    };
    await checkGoldenLayer(gpu, file, golden, new LinearAttention(heads, { scale }));
  });
}

Deno.test("attention is made again from JSON, and refuses what heads can't share", () => {
  const layer = new LinearAttention(4, { scale: 0.5 });
  assertEquals(layerFromJson(JSON.parse(JSON.stringify(layer))), layer);
  assertEquals(layer.outputShape([24, 5]), [8, 5]);
  const refused = (input: number[], message: string) =>
    assertThrows(() => layer.outputShape(input), RangeError, message);
  refused([24], "it takes samples of [3 channels, tokens]: it gets [24]");
  refused([24, 5, 5], "it gets [24, 5, 5], which Flatten with startDim 2 would turn into that");
  refused([27, 5], "27 isn't a multiple of 12");
  assertThrows(() => new LinearAttention(0), RangeError, "numHeads must be");
  assertThrows(() => new LinearAttention(1, { scale: NaN }), RangeError, "scale must be");
});

Deno.test("SpikingSelfAttention is a Sequential of layers that are known", () => {
  const layer = new SpikingSelfAttention(16, { numHeads: 2, neurons: { tau: 3 } });
  assertEquals(layer.layers.map(({ kind }) => kind), [
    ...["Conv1d", "BatchNorm1d", "LifNode", "LinearAttention", "LifNode"],
    ...["Conv1d", "BatchNorm1d", "LifNode"],
  ]);
  assertEquals(layer.outputShape([16, 9]), [16, 9]);
  const again = layerFromJson(JSON.parse(JSON.stringify(layer)));
  assertEquals(again.toJSON(), layer.toJSON());
  assertThrows(
    () => new SpikingSelfAttention(16, { numHeads: 3 }),
    RangeError,
    "16 channels aren't a multiple of 3 heads",
  );
  assertThrows(() => new SpikingSelfAttention(16).outputShape([8, 9]), RangeError, "Conv1d");
});
