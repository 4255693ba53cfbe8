import type { Layer } from "../core/layer.ts";
import { sameShape, type Shape } from "../core/shape.ts";
import { formatShape, type Tensor } from "../formats/tensor.ts";
import { Sequential } from "../layers/sequential.ts";
import { chainOf, type Link } from "./chain.ts";
import { quote } from "./check_graph.ts";
import type { NirGraph } from "./graph.ts";
import {
  checkNirOptions,
  DEFAULT_DT,
  type NirFeedbackBias,
  type NirFires,
  type NirSoftReset,
} from "./options.ts";
import { type ReadLayer, readLayer } from "./read_layers.ts";
import { readRecurrent } from "./recurrent.ts";
import { readScale } from "./read_scale.ts";
import { type Reading, sizes } from "./reading.ts";

/** Options of {@linkcode fromNir}. */
export interface FromNirOptions {
  /** Seconds of a time step. By default what the graph's metadata say as `dt`, or 1e-4. */
  dt?: number;
  /**
   * Whether neurons of the program that wrote the graph fire above their threshold, as NIR says, or at it, as
   * in SpikingJelly. They become neurons that fire at the next higher float32 for `"above"`.
   *
   * @default {"above"}
   */
  fires?: NirFires;
  /**
   * Whether a spike subtracts the threshold, whatever the graph says: NIR has hard resets only, and some
   * programs write soft ones as those. `"delayed"`: in the next step, after the decay, as snnTorch does by default.
   *
   * @default {false}
   */
  softReset?: NirSoftReset;
  /**
   * Whether the bias of what comes back to neurons is there at the first step already, when nothing has come
   * back: NIR doesn't say it, snnTorch does so. In Norse it is from the second step on: `"later"` makes neurons
   * whose state before the first step takes it away.
   *
   * @default {"always"}
   */
  feedbackBias?: NirFeedbackBias;
  /** What to call the file in error messages. By default "the NIR graph". */
  name?: string;
}

/** A network of a NIR graph. */
export interface FromNir {
  /** The network. */
  readonly network: Sequential;
  /** Its parameters, for `model.load`. */
  readonly parameters: Map<string, Tensor>;
  /** What a sample has at one time step. */
  readonly input: Shape;
  /** Seconds of a time step, as it was read. */
  readonly dt: number;
  /** What isn't as the graph has it, such as rounded numbers; a line each. */
  readonly notes: readonly string[];
}

/**
 * A network of a NIR graph: a chain from its Input to its Output of Linear, Affine, Conv1d, Conv2d,
 * SumPool2d, AvgPool2d, Flatten, IF, LIF, LI, CubaLIF, CubaLI, Threshold; a Delay of 0 is nothing, and a Scale
 * by powers of two goes into the weights before it. Neurons whose spikes come back to them by a Linear or an
 * Affine become recurrent ones. Graphs in it that are chains are laid open.
 *
 * Time constants become time steps. An input that isn't multiplied by r decays (`decayInput`), one that is
 * multiplied by tau in time steps doesn't; there is nothing between. Potentials start at `v_leak`. A
 * Threshold becomes current-based neurons whose time constants are 1.
 *
 * @param graph The graph: `await decodeNir(bytes)`.
 * @param options How time, thresholds and resets are meant.
 * @returns The network, its parameters, and what was assumed.
 * @throws {TypeError} If no layer does exactly what a node says; the message names the node and the reason.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { Linear, LifNode, Sequential } from "@galvani/snn";
 * import { fromNir, toNir } from "@galvani/snn/nir";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new Linear(2, 1, { bias: false }), new LifNode({ tau: 4 })]);
 * const weight = { shape: [1, 2], data: new Float32Array([0.5, 1]) };
 * const parameters = new Map([["layer.0.weight", weight]]);
 * const again = fromNir(toNir(network, parameters, { input: [2], dt: 1e-3 }));
 * assertEquals(again.network.toJSON(), network.toJSON());
 * assertEquals(again.parameters, parameters);
 * assertEquals(again.dt, 1e-3);
 * ```
 */
export function fromNir(graph: NirGraph, options: FromNirOptions = {}): FromNir {
  const { fires = "above", softReset = false, feedbackBias = "always", name } = options;
  const what = `Cannot make a network of ${name === undefined ? "the NIR graph" : quote(name)}`;
  const fail = (reason: string) => new TypeError(`${what} as ${reason}`);
  const dt = options.dt ?? dtOf(graph) ?? DEFAULT_DT;
  checkNirOptions(what, dt, fires);
  if (typeof softReset !== "boolean" && softReset !== "delayed") {
    throw new RangeError(
      `${what} as softReset must be true, false or "delayed": current value is "${softReset}"`,
    );
  }
  if (feedbackBias !== "always" && feedbackBias !== "later") {
    throw new RangeError(
      `${what} as feedbackBias must be "always" or "later": current value is "${feedbackBias}"`,
    );
  }

  const chain = chainOf(graph, fail);
  const notes: string[] = [];
  const layers: Layer[] = [];
  const parameters = new Map<string, Tensor>();
  const readingOf = ({ name, node }: Link, shape: Shape): Reading => {
    const place = `node ${quote(name)} (${node.type})`;
    return {
      node,
      shape,
      dt,
      fires,
      softReset,
      note: (text) => notes.push(`${place}: ${text}`),
      fail: (reason) => fail(`${place} ${reason}`),
    };
  };
  const input = sizes(readingOf(chain[0]!, []), "shape");
  let shape: Shape = input;
  let last: ReadLayer | undefined;
  for (const link of chain.slice(1, -1)) {
    const reading = readingOf(link, shape);
    const isScale = link.node.type === "Scale";
    const read = located(reading, () => {
      const plain = isScale ? readScale(reading, last) : readLayer(reading);
      const read = plain && link.feedback
        ? readRecurrent(plain, readingOf(link.feedback, shape), feedbackBias)
        : plain;
      if (read && !isScale) shape = read.layer.outputShape(shape);
      return read;
    });
    if (!read) continue;
    if (!isScale) layers.push(read.layer);
    for (const [name, tensor] of Object.entries(read.tensors)) {
      parameters.set(`layer.${layers.length - 1}.${name}`, tensor);
    }
    last = read;
  }
  const end = readingOf(chain.at(-1)!, shape);
  const output = sizes(end, "shape");
  if (!sameShape(output, shape)) {
    throw end.fail(`says ${formatShape(output)}, but ${formatShape(shape)} comes in`);
  }
  const said = dtOf(graph);
  if (said !== undefined && said !== dt) notes.push(`the graph says that dt is ${said}`);
  if (softReset && fires === "above") {
    notes.push("what a spike subtracts is the threshold here, the float32 above the graph's");
  }
  if (layers.length === 0) throw fail("it has no layers");
  return { network: new Sequential(layers), parameters, input, dt, notes };
}

/** What a layer's own checks say is said of the node. */
function located<T>(reading: Reading, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const error = reading.fail(`doesn't fit: ${cause.message}`);
    error.cause = cause;
    throw error;
  }
}

function dtOf({ metadata }: NirGraph): number | undefined {
  const dt = metadata?.get("dt");
  return typeof dt === "object" && "data" in dt && dt.data.length === 1
    ? Number(dt.data[0])
    : undefined;
}
