import type { CompiledLayer, Layer, LayerJson } from "../core/layer.ts";
import type { Random } from "../core/random.ts";
import type { Scope } from "../core/scope.ts";
import { formatShape, type Shape, sizeOf } from "../core/shape.ts";
import type { Signal } from "../core/signal.ts";
import { type Declarations, transposed } from "../core/tensor_spec.ts";
import { compileVariant } from "../core/variant.ts";
import { compileNeurons } from "../neurons/compile.ts";
import type { NeuronLayer } from "../neurons/neuron_layer.ts";
import { recurrentPlain } from "./plain.ts";
import { WEIGHTS } from "./setup.ts";
import { recurrentWorkgroup } from "./workgroup.ts";

/** Options of {@linkcode Recurrent}. */
export interface RecurrentOptions {
  /**
   * What a neuron hears: `"all-to-all"`, what all neurons fired, through learned weights; `"element-wise"`, what
   * it fired itself, which adds 1 to its current.
   *
   * @default {"all-to-all"}
   */
  mode?: "all-to-all" | "element-wise";
  /**
   * Whether a learned bias is added to what each neuron hears of all.
   *
   * @default {true}
   */
  bias?: boolean;
}

/** How a recurrent layer can be compiled, the fastest first. */
const VARIANTS = [recurrentWorkgroup, recurrentPlain];

/**
 * Neurons that hear what they all fired one time step before, through learned weights:
 *
 * ```text
 * current[t] = input[t] + weight spikes[t - 1] + bias        (spikes[-1] is 0)
 * spikes[t]  = neurons(current[t])
 * ```
 *
 * The loop over all T time steps is inside a kernel each way. Weights and bias start uniform in
 * +-1 / sqrt(features), and are saved as `recurrent.weight` `[features, features]` and `recurrent.bias`
 * `[features]`, as those of snnTorch's `RLeaky`; what the neurons learn is saved beside them, such as "w".
 * SpikingJelly's `LinearRecurrentContainer` has one `rc` for both, `Linear(inputs + features, inputs)`: the
 * columns of its weight up to `inputs` belong to a {@linkcode Linear} before this layer, which takes the bias
 * too, and those after them are `recurrent.weight`.
 *
 * With the mode `"element-wise"` a neuron hears itself only, nothing of that is learned, and samples may have any
 * shape: `current[t] = input[t] + spikes[t - 1]`, SpikingJelly's `ElementWiseRecurrentContainer` with a sum.
 *
 * @example
 * ```ts
 * import { CubaLifNode, LiNode, Linear, Recurrent, Sequential } from "@galvani/snn";
 *
 * const network = new Sequential([
 *   new Linear(700, 256),
 *   new Recurrent(new CubaLifNode({ tauSyn: 10, tauMem: 20 })),
 *   new Linear(256, 20),
 *   new LiNode({ tau: 20 }),
 * ]);
 * ```
 */
export class Recurrent implements Layer {
  /** The kind of layer. */
  readonly kind = "Recurrent";
  /** The neurons. */
  readonly neurons: NeuronLayer;
  /** What a neuron hears. */
  readonly mode: "all-to-all" | "element-wise";
  /** Whether a bias is added. */
  readonly bias: boolean;

  /**
   * Describes the layer.
   *
   * @param neurons The neurons, of a kind that fires.
   * @param options What a neuron hears, and whether it has a bias.
   * @throws {TypeError} If `neurons` isn't a layer of neurons, or they don't fire.
   * @throws {RangeError} If `mode` is neither of the two.
   */
  constructor(neurons: NeuronLayer, options: RecurrentOptions = {}) {
    if (typeof neurons?.describe !== "function" || neurons.describe().fires === false) {
      throw new TypeError(
        "Cannot create a Recurrent layer as its neurons must be a layer of neurons that fire, such as " +
          `new LifNode(): current value is ${neurons?.kind ?? neurons}`,
      );
    }
    const { mode = "all-to-all" } = options;
    if (mode !== "all-to-all" && mode !== "element-wise") {
      throw new RangeError(
        `Cannot create a Recurrent layer as mode must be "all-to-all" or "element-wise": ` +
          `current value is ${JSON.stringify(mode)}`,
      );
    }
    this.neurons = neurons;
    this.mode = mode;
    this.bias = mode === "all-to-all" && (options.bias ?? true);
  }

  /**
   * What comes out of the layer.
   *
   * @param input What a sample has that comes in: `[features]` where all neurons hear each other.
   * @returns The same: a neuron for each number.
   * @throws {RangeError} If it has more dimensions than one where they do.
   */
  outputShape(input: Shape): Shape {
    if (input.length === 1 || this.mode === "element-wise") return input;
    throw new RangeError(
      `Cannot compile a Recurrent layer as it takes samples of one dimension: it gets ${
        formatShape(input)
      }, which Flatten would turn into that`,
    );
  }

  /**
   * Declares `recurrent.weight` `[features, features]`, `recurrent.bias` `[features]` where there is one, and
   * what the neurons learn. On the device the weights of what a neuron fires lie together.
   *
   * @param declarations Where to.
   * @param input What a sample has that comes in.
   */
  declare(declarations: Declarations, input: Shape): void {
    if (this.mode === "element-wise") return this.neurons.declare(declarations);
    const [features] = this.outputShape(input) as [number];
    const bound = 1 / Math.sqrt(features);
    const draw = (count: number) => (random: Random) =>
      Float32Array.from({ length: count }, () => random.uniform(-bound, bound));
    const weight = {
      shape: [features, features],
      init: draw(features * features),
      order: transposed(features, features),
    };
    const bias = { shape: [features], init: draw(features) };
    declarations.child(WEIGHTS).parameters("weight", {
      tensors: { weight, ...this.bias ? { bias } : {} },
    });
    this.neurons.declare(declarations);
  }

  /**
   * Adds the layer's kernels to a program.
   *
   * @param scope The layer's view of the program.
   * @param input The signal `[T, batch, ...shape]`.
   * @returns The spikes `[T, batch, ...shape]`.
   */
  async compile(scope: Scope, input: Signal): Promise<CompiledLayer> {
    const description = this.neurons.describe();
    if (this.mode === "element-wise") {
      return await compileNeurons(scope, input, description, { feedback: true });
    }
    const layer = { description, bias: this.bias };
    const compiled = await compileVariant(VARIANTS, layer, input, scope);
    const { shape } = input;
    const size = sizeOf(shape);
    scope.child(WEIGHTS).work({
      kind: "Linear",
      shape,
      reads: compiled.output,
      fanOut: () => new Uint32Array(size).fill(size),
      delayed: true,
    });
    return compiled;
  }

  /**
   * How many numbers the neurons of a sample update at each time step.
   *
   * @param input What a sample has that comes in.
   * @returns Numbers.
   */
  updates(input: Shape): number {
    return this.neurons.updates(input);
  }

  /** What makes the layer again. */
  toJSON(): {
    kind: "Recurrent";
    neurons: LayerJson;
    mode: "all-to-all" | "element-wise";
    bias: boolean;
  } {
    const { kind, neurons, mode, bias } = this;
    return { kind, neurons: neurons.toJSON(), mode, bias };
  }

  /** What a summary calls it. */
  title(): string {
    const { neurons, mode, bias } = this;
    if (mode === "element-wise") return `Recurrent ${neurons.kind}, element-wise`;
    return `Recurrent ${neurons.kind}${bias ? "" : ", no bias"}`;
  }
}
