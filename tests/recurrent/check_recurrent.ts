import { Dropout, type GpuOptions, LifNode, Linear, Recurrent, surrogates } from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { checkNetwork, type InputKind } from "../support/against_float64.ts";
import { sharedGpu } from "../support/gpu.ts";

const lif = () => new LifNode({ vThreshold: 0.3 });
const recurrent = () => new Recurrent(lif());

/** What is compared, its input, and its layers. */
const CASES: readonly (readonly [string, InputKind, (n: number) => Layer[]])[] = [
  ["numbers over time", "Poisson", (n) => [new Linear(n, n), recurrent(), new Linear(n, 3), lif()]],
  ["what is the same at each time step", "direct", (n) => [recurrent(), new Linear(n, 3), lif()]],
  ["spikes, first", "Poisson", () => [recurrent()]],
  [
    "spikes after dropout",
    "Poisson",
    (n) => [new Linear(n, n), lif(), new Dropout(0.25), recurrent()],
  ],
  [
    "one after another, a soft reset, no bias",
    "floats over time",
    (n) => [
      new Linear(n, n),
      new Recurrent(
        new LifNode({ vThreshold: 0.4, vReset: null, tau: 3, decayInput: false }),
        { bias: false },
      ),
      new Recurrent(
        new LifNode({ vThreshold: 0.4, detachReset: true, surrogate: surrogates.sigmoid!() }),
      ),
      new Linear(n, 3),
    ],
  ],
];

/** T, hidden neurons and samples of a sample of all sizes: a lane or several a sample, one segment or several. */
const LARGER = [
  [3, 1000, 1],
  [3, 256, 128],
  [28, 256, 7],
  [28, 30, 128],
  [100, 30, 7],
  [100, 1, 128],
  [259, 30, 1],
] as const;

/** T, samples, and neurons: more of them than the bits of a word, more time steps than those. */
const SIZES = [[3, 1, 5], [11, 3, 34], [33, 2, 7]] as const;

/**
 * Compares recurrent layers with float64, the plain way and the one that is chosen.
 *
 * @param where What runs them, for the tests' names.
 * @param options Which adapter, and how kernels are cut for it.
 */
export function checkRecurrent(where: string, options: GpuOptions): void {
  for (const [what, input, layersOf] of CASES) {
    Deno.test(`a recurrent layer equals float64 on ${where}: ${what}`, async () => {
      const gpu = await sharedGpu(options);
      for (const variants of ["auto", "plain"] as const) {
        for (const [timeSteps, batch, features] of SIZES) {
          const layers = layersOf(features);
          await checkNetwork(gpu, { layers, input, timeSteps, batch, features, variants });
        }
      }
    });
  }
}
/**
 * Compares recurrent layers of larger sizes with float64.
 *
 * @param where What runs them, for the tests' names.
 * @param options Which adapter, and how kernels are cut for it.
 * @param variants Which kernels.
 */
export function checkSizes(
  where: string,
  options: GpuOptions,
  variants: "auto" | "plain" = "auto",
): void {
  for (const [timeSteps, hidden, batch] of LARGER) {
    const size = `T ${timeSteps}, ${hidden} neurons, batch ${batch}`;
    Deno.test(`a recurrent layer equals float64 on ${where}: ${size}`, async () => {
      const gpu = await sharedGpu(options);
      const layers = [new Linear(5, hidden), recurrent(), new Linear(hidden, 3), lif()];
      await checkNetwork(gpu, {
        layers,
        input: "floats over time",
        timeSteps,
        batch,
        features: 5,
        variants,
      });
    });
  }
}
