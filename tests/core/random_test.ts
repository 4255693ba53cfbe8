/**
 * Whether the random numbers are as good as true ones, for the use that is made of them. The numbers
 * are those of the TypeScript twin; `tests/encoders/poisson_test.ts` checks that the kernel draws the
 * very same spikes. How the bounds are derived stands in `statistics.ts`.
 */

import { assert, assertEquals } from "@std/assert";
import { Linear } from "../../mod.ts";
import { hash, hashAll, Random } from "../../src/core/random.ts";
import { deviceOrder } from "../../src/program/parameter_store.ts";
import { poissonSpikes } from "../reference/oracle.ts";
import {
  chiSquare,
  chiSquareBounds,
  normalBound,
  pairScore,
  type PairTable,
  sumBound,
} from "./statistics.ts";

/** T and the pixels of an image, as in the first example of the README. */
const [T, PIXELS] = [100, 784];

/** What `Trainer` makes its keys of. */
const STREAM = { weights: 1, order: 2, train: 3 };

/** The key of a training step. */
function keyOf({ seed = 1, epoch = 1, step = 0 }): number {
  return hashAll(seed, STREAM.train, epoch, step);
}

function assertWithin(value: number, [low, high]: readonly [number, number], what: string): void {
  assert(value >= low && value <= high, `${what} is ${value}, not from ${low} to ${high}`);
}

function assertUniform(counts: ArrayLike<number>, what: string, tests = 1): void {
  assertWithin(
    chiSquare(counts),
    chiSquareBounds(counts.length - 1, tests),
    `chi-square of ${what}`,
  );
}

Deno.test("each pixel value spikes at its rate", () => {
  const [key, pixels] = [keyOf({}), PIXELS / 2];
  const n = pixels * T;
  let sum = 0;
  for (let value = 0; value <= 255; value++) {
    let count = 0;
    for (let i = 0; i < pixels; i++) {
      // No pixel of a sample is drawn twice.
      const [sample, feature] = [value >> 1, (value & 1) * pixels + i];
      for (const spike of poissonSpikes(sample, feature, PIXELS, value, key, T)) count += spike;
    }
    const p = value / 255;
    // A pixel's threshold is rounded once for all T: p varies by 1/256, with the variance p q / 256^2,
    // from pixel to pixel, so the variance of the count is n p q (1 + T / 256^2).
    const variance = n * p * (1 - p) * (1 + T / 256 ** 2);
    const difference = count - n * p;
    if (value === 0 || value === 255) {
      assertEquals(difference, 0);
      continue;
    }
    const bound = sumBound(variance, 254);
    assert(Math.abs(difference) <= bound, `${count} spikes of ${value}: ${n * p} +- ${bound}`);
    sum += difference ** 2 / variance;
  }
  assertWithin(sum, chiSquareBounds(254, 1), "chi-square of all values");
});

/** Spikes of one value: for each part of a block, such as a sample, the same pixels and time steps. */
type Block = Uint8Array[];

/** Counts the pairs (i, i + lag) within a part, or the same places of the parts (k, k + lag). */
function countPairs(block: Block, lag: number, within: number | "parts"): PairTable {
  const table: PairTable = [0, 0, 0, 0];
  if (within === "parts") {
    for (let k = 0; k + lag < block.length; k++) {
      const [first, second] = [block[k]!, block[k + lag]!];
      for (let i = 0; i < first.length; i++) table[2 * first[i]! + second[i]!]!++;
    }
    return table;
  }
  // Places are cut into runs of `within`; a pair is within a run.
  for (const spikes of block) {
    for (let i = 0; i + lag < spikes.length; i++) {
      if (i % within + lag < within) table[2 * spikes[i]! + spikes[i + lag]!]!++;
    }
  }
  return table;
}

/** The spikes [pixels][T] of a sample in a training step. */
function draw(value: number, key: number, sample: number): Uint8Array {
  const spikes = new Uint8Array(PIXELS * T);
  for (let i = 0; i < PIXELS; i++) {
    spikes.set(poissonSpikes(sample, i, PIXELS, value, key, T), i * T);
  }
  return spikes;
}

const LAGS = [1, 2, 3, 4, 5, 6, 7, 8];
const PARTS = Array.from({ length: 9 }, (_, k) => k);
/** At T = 100 a word holds 25 steps, so a lag of 25 is the same bit of the next word. */
const TIME_LAGS = [...LAGS, 24, 25, 26, 50, 75];
/** An image has 28 columns. */
const PIXEL_LAGS = [...LAGS, 27, 28, 29, 56];
const VALUES = [26, 128, 230];

Deno.test("spikes are independent over time, pixels, samples, steps, epochs and seeds", () => {
  const tests = VALUES.length * (TIME_LAGS.length + PIXEL_LAGS.length + 4 * LAGS.length);
  const bound = normalBound(tests);
  let done = 0;
  for (const value of VALUES) {
    const check = (what: string, lag: number, table: PairTable) => {
      const z = pairScore(table);
      assert(
        Math.abs(z) <= bound,
        `pairs of ${what}, lag ${lag}, value ${value}: |${z}| > ${bound}`,
      );
      done++;
    };
    const samples = PARTS.map((k) => draw(value, keyOf({}), k));
    for (const lag of TIME_LAGS) check("time steps", lag, countPairs(samples, lag, T));
    for (const lag of PIXEL_LAGS) check("pixels", lag, countPairs(samples, lag * T, PIXELS * T));
    const blocks: Record<string, Block> = {
      samples,
      steps: PARTS.map((k) => draw(value, keyOf({ step: k }), 0)),
      epochs: PARTS.map((k) => draw(value, keyOf({ epoch: 1 + k }), 0)),
      seeds: PARTS.map((k) => draw(value, keyOf({ seed: 1 + k }), 0)),
    };
    for (const [what, block] of Object.entries(blocks)) {
      for (const lag of LAGS) check(what, lag, countPairs(block, lag, "parts"));
    }
  }
  assertEquals(done, tests);
});

Deno.test("the tests of pairs see a correlation of a hundredth", () => {
  const random = new Random(1);
  const first = Uint8Array.from({ length: PIXELS * T * 8 }, () => random.word() >>> 31);
  // One in a hundred is the other's copy.
  const second = first.map((bit) => random.below(100) === 0 ? bit : random.word() >>> 31);
  assert(Math.abs(pairScore(countPairs([first, second], 1, "parts"))) > normalBound(1000));
});

Deno.test("the keys of training steps seldom repeat", () => {
  const keys = new Set<number>();
  let n = 0;
  for (let seed = 1; seed <= 4; seed++) {
    for (let epoch = 1; epoch <= 100; epoch++) {
      for (let step = 0; step < 468; step++, n++) keys.add(keyOf({ seed, epoch, step }));
    }
  }
  // Of n words n^2 / 2^33 = 4.1 repeat one before on average; Chernoff's bound for a Poisson number of
  // mean m is P(X >= k) <= exp(-m) (e m / k)^k, here 6e-7 for k = 19.
  assert(n - keys.size < 19, `${n - keys.size} of ${n} repeat`);
});

Deno.test("each bit of a hash depends on each bit of its word", () => {
  const [n, random] = [4096, new Random(2)];
  const flips = new Uint32Array(32 * 32);
  for (let i = 0; i < n; i++) {
    const word = random.word();
    const before = hash(word);
    for (let bit = 0; bit < 32; bit++) {
      const changed = before ^ hash(word ^ (1 << bit));
      for (let out = 0; out < 32; out++) flips[32 * bit + out]! += changed >>> out & 1;
    }
  }
  const bound = sumBound(n / 4, flips.length);
  flips.forEach((count, i) =>
    assert(Math.abs(count - n / 2) <= bound, `bit ${i % 32} of bit ${i >> 5}: ${count} of ${n}`)
  );
});

Deno.test("Random is uniform, alone and in pairs, in each of its bits", () => {
  const [n, random] = [1 << 20, new Random(1, STREAM.weights)];
  const ones = new Uint32Array(32);
  const bins = new Uint32Array(1024);
  const pairs = LAGS.map(() => new Uint32Array(32 * 32));
  const last: number[] = [];
  for (let i = 0; i < n; i++) {
    const word = random.word();
    for (let bit = 0; bit < 32; bit++) ones[bit]! += word >>> bit & 1;
    bins[word >>> 22]!++;
    // Top five bits now, and `lag` words ago.
    pairs.forEach((counts, k) => last[k] !== undefined && counts[32 * last[k] + (word >>> 27)]!++);
    last.unshift(word >>> 27);
    last.length = Math.min(last.length, LAGS.length);
  }
  const bound = sumBound(n / 4, 32);
  ones.forEach((count, bit) =>
    assert(Math.abs(count - n / 2) <= bound, `bit ${bit}: ${count} of ${n}`)
  );
  assertUniform(bins, "1024 bins");
  pairs.forEach((counts, k) => assertUniform(counts, `pairs of lag ${k + 1}`, LAGS.length));
});

Deno.test("below() gives each integer as often", () => {
  for (const bound of [2, 3, 7, 10, 100, 60_000]) {
    const random = new Random(1, bound);
    const counts = new Uint32Array(bound);
    for (let i = 0; i < 20 * bound + 100_000; i++) counts[random.below(bound)]!++;
    assertUniform(counts, `below(${bound})`, 6);
  }
});

Deno.test("permutation() gives each order of 5 as often", () => {
  const counts = new Map<string, number>();
  for (let epoch = 1; epoch <= 60_000; epoch++) {
    const order = new Random(1, STREAM.order, epoch).permutation(5).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 120);
  assertUniform([...counts.values()], "120 orders");
});

Deno.test("permutation() puts each image at each place as often, from epoch to epoch and seed to seed", () => {
  const [n, rounds] = [40, 20_000];
  for (const by of ["epoch", "seed"]) {
    const counts = new Uint32Array(n * n);
    for (let round = 1; round <= rounds; round++) {
      const [seed, epoch] = by === "seed" ? [round, 1] : [1, round];
      new Random(seed, STREAM.order, epoch).permutation(n)
        .forEach((image, place) => counts[n * place + image]!++);
    }
    // Rows and columns of the table have fixed sums: of (n - 1)^2 free numbers each has n / (n - 1) times
    // the variance that chi-square takes it for.
    assertWithin(
      chiSquare(counts) * (n - 1) / n,
      chiSquareBounds((n - 1) ** 2, 2),
      `chi-square of places by ${by}`,
    );
  }
});

/** What a layer is first, as it lies on the device. */
function firstValues(layer: Linear, random: Random): Float32Array {
  const values: number[] = [];
  const none = () => {
    throw new Error("a Linear layer declares nothing but its weights");
  };
  layer.declare({
    child: none,
    parameter: none,
    state: none,
    parameters(_, { tensors }) {
      for (const spec of Object.values(tensors)) {
        values.push(...deviceOrder(spec, spec.init(random)));
      }
    },
  });
  return Float32Array.from(values);
}

Deno.test("initial weights are uniform and independent of their neighbours", () => {
  const [inputs, outputs] = [784, 100];
  const bound = 1 / Math.sqrt(inputs);
  for (const seed of [1, 2, 3]) {
    const weights = firstValues(new Linear(inputs, outputs), new Random(seed, STREAM.weights));
    assertEquals(weights.length, (inputs + 1) * outputs);
    const bins = new Uint32Array(256);
    for (const weight of weights) {
      assert(Math.abs(weight) <= Math.fround(bound));
      bins[Math.min(255, Math.floor((weight / bound + 1) * 128))]!++;
    }
    assertUniform(bins, `weights of seed ${seed}`, 3);
    const signs = [Uint8Array.from(weights, (weight) => Number(weight > 0))];
    // The next outputs of an input, the same output of the next inputs.
    for (const lag of [...LAGS, ...LAGS.map((lag) => lag * outputs)]) {
      const z = pairScore(countPairs(signs, lag, weights.length));
      assert(Math.abs(z) <= normalBound(3 * 16), `weights ${lag} apart, seed ${seed}: ${z}`);
    }
  }
});
