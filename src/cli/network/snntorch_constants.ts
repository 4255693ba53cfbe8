import type { Layer } from "../../core/layer.ts";
import type { Tensor } from "../../formats/tensor.ts";
import { Sequential } from "../../layers/sequential.ts";
import { LifNode, NeuronLayer } from "../../neurons/mod.ts";

/** What snnTorch saves of a `Leaky` besides what it learns. */
export const SNNTORCH_CONSTANTS = [
  "threshold",
  "beta",
  "graded_spikes_factor",
  "reset_mechanism_val",
] as const;

/** Constants of one layer of neurons, by the last parts of their names. */
type Saved = Partial<Record<typeof SNNTORCH_CONSTANTS[number], number>>;

/**
 * Compares the constants that snnTorch saved with those that the options give the neurons.
 *
 * @param network The network.
 * @param constants What was saved, by its name.
 * @returns What differs all the same, a line each.
 * @throws {TypeError} If neurons would do something else; the message says which options would be right.
 */
export function checkSnnTorch(network: Layer, constants: ReadonlyMap<string, Tensor>): string[] {
  const saved = new Map<string, Saved>();
  for (const [name, { data }] of constants) {
    const at = name.lastIndexOf(".");
    const module = name.slice(0, Math.max(0, at));
    const values = Array.from(data as ArrayLike<number | bigint>, Number);
    if (new Set(values).size !== 1) {
      throw new TypeError(
        `"${name}" has ${values.length} values: options give all neurons the same`,
      );
    }
    saved.set(module, { ...saved.get(module), [name.slice(at + 1)]: values[0]! });
  }
  const neurons = neuronsOf(network);
  if (saved.size === 0) return [];
  if (saved.size !== neurons.length) {
    throw new TypeError(
      `it has constants of ${saved.size} layers of neurons, the network of the options ${neurons.length}`,
    );
  }
  const order = new Intl.Collator("en", { numeric: true });
  const sorted = [...saved].sort(([a], [b]) => order.compare(a, b));
  sorted.forEach(([name, values], i) => checkLeaky(name, values, neurons[i]!));
  const atOnce = neurons.some(({ options }) => options.vReset === null && !options.resetDelay);
  return [
    "snnTorch's neurons fire above their threshold, these at it too",
    ...atOnce
      ? [
        "with its reset_delay, snnTorch subtracts the threshold in the next step: that is --reset-delay",
      ]
      : [],
  ];
}

/** Checks one layer. */
function checkLeaky(name: string, saved: Saved, neurons: NeuronLayer): void {
  const { threshold, beta, graded_spikes_factor: factor = 1, reset_mechanism_val: reset } = saved;
  const fail = (leaf: string, value: number, hint: string): never => {
    throw new TypeError(`"${name}.${leaf}" is ${+value.toPrecision(6)}: ${hint}`);
  };
  if (!(neurons instanceof LifNode)) {
    throw new TypeError(`"${name}" has the constants of a Leaky: that is --neuron lif`);
  }
  const { vThreshold, vReset } = neurons.options;
  if (threshold !== undefined && !isClose(threshold, vThreshold)) {
    fail("threshold", threshold, `that is --v-threshold ${+threshold.toPrecision(6)}`);
  }
  if (beta !== undefined && !isClose(beta, 1 - 1 / Number(neurons.tau))) {
    const hint = beta > 0 && beta < 1
      ? `that is --tau ${+(1 / (1 - beta)).toPrecision(6)}`
      : "it must be between 0 and 1";
    fail("beta", beta, hint);
  }
  if (neurons.decayInput) {
    throw new TypeError(`"${name}" adds its input whole: that is --no-decay-input`);
  }
  if (factor !== 1) fail("graded_spikes_factor", factor, "spikes are 1 here");
  const isSoft = vReset === null;
  if (reset === 0 && !isSoft) {
    fail("reset_mechanism_val", reset, 'that is "subtract": --soft-reset --reset-delay');
  }
  if (reset === 1 && isSoft) fail("reset_mechanism_val", reset, 'that is "zero", a hard reset');
  if (reset === 2) fail("reset_mechanism_val", reset, 'that is "none": neurons reset here');
}

function neuronsOf(layer: Layer): NeuronLayer[] {
  if (layer instanceof Sequential) return layer.layers.flatMap(neuronsOf);
  return layer instanceof NeuronLayer ? [layer] : [];
}

const isClose = (a: number, b: unknown) =>
  typeof b === "number" && Math.abs(a - b) <= 1e-6 * Math.abs(b);
