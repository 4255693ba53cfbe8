import { encodedShape, type Encoder, type EncoderInput } from "../core/encoder.ts";
import { compileLayer, type Layer, outputShapeOf } from "../core/layer.ts";
import type { Loss } from "../core/loss.ts";
import type { Optimizer, OptimizerState } from "../core/optimizer.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { describeSignal, type Signal } from "../core/signal.ts";
import type { Fusion } from "../core/variant.ts";
import { type BuilderOptions, ProgramBuilder } from "./builder.ts";
import { countInputs } from "./count_inputs.ts";
import { type ClipOptions, reduceGradients } from "./gradients.ts";
import type { Block } from "./parameter_store.ts";
import { Program } from "./program.ts";

/** What a program is compiled from. */
export interface ProgramOptions extends Omit<BuilderOptions, "classes" | "updates" | "lengths"> {
  /** The name that the paths of the network's parts begin with. */
  readonly root: string;
  /** The network. */
  readonly network: Layer;
  /** How samples become signals. */
  readonly encoder: Encoder;
  /** What the samples are. */
  readonly input: EncoderInput;
  /** What is made small, or what only answers. */
  readonly loss: Loss;
  /** What the parameters follow; without one nothing does, and gradients are there to be read. */
  readonly optimizer?: Optimizer;
  /** Steps whose gradients make one update; 1 by default. */
  readonly accumulate?: number;
  /** How gradients are clipped. */
  readonly clip?: ClipOptions;
  /** Whether gradients are to be read, in one piece each, before the optimizer runs. */
  readonly exchanges?: boolean;
  /**
   * What a step's gradient counts, 1 by default: other than its samples do where processes have shares of a
   * batch that aren't all of a size.
   */
  readonly weight?: number;
  /** Networks that run as fewer kernels, in the order in which they are tried. */
  readonly fusions: readonly Fusion[];
}

/**
 * Compiles a network: every buffer allocated, every kernel bound.
 *
 * @param options The network, and what it is compiled for.
 * @returns The program.
 * @throws {TypeError | RangeError} If the layers don't fit together. Nothing is left on the device then.
 */
export async function compileProgram(options: ProgramOptions): Promise<Program> {
  const { network, encoder, input } = options;
  checkContent(encoder, input);
  const shape = outputShapeOf(options.root, network, encodedShape(encoder, input.shape));
  const updates = options.optimizer !== undefined;
  const builder = new ProgramBuilder({
    ...options,
    updates,
    classes: sizeOf(shape),
    lengths: input.lengths ?? false,
  });
  try {
    return await compile(builder, options, shape);
  } catch (error) {
    builder.memory.dispose();
    throw error;
  }
}

function checkContent({ name, takes }: Encoder, { content }: EncoderInput): void {
  if (takes.includes(content)) return;
  throw new TypeError(
    `Cannot encode samples of ${content} by the encoder "${name}" as it takes ${
      takes.join(" or ")
    }`,
  );
}

async function compile(
  builder: ProgramBuilder,
  options: ProgramOptions,
  shape: Shape,
): Promise<Program> {
  const { encoder, input, loss, mode, root } = options;
  const signal = await encoder.compile(builder.scope("encoder"), input);
  const network = await compileNetwork(builder, options, signal);
  const { output, reports, answersAlike, backward } = network;
  if (output.kind !== "spikes" && output.kind !== "numbers") {
    throw new TypeError(
      `Cannot compile a network that ends in ${
        describeSignal(output)
      }: end it in neurons, or in numbers`,
    );
  }
  if (!reports) {
    const gradient = await loss.compile(builder.scope("loss"), output);
    if (gradient && backward && builder.options.store.learns(root)) await backward(gradient);
  }
  const states = mode === "train" ? await compileUpdates(builder, options) : new Map();
  return new Program(builder, {
    input: signal,
    output,
    outputShape: shape,
    answersAlike,
    states,
    works: options.counts ? await countInputs(builder) : [],
    feeds: await Promise.all(builder.feeds.values()),
  });
}

/** The network as a fusion, if there is one for it, else layer by layer. */
async function compileNetwork(
  builder: ProgramBuilder,
  { network, loss, root, variants, fusions }: ProgramOptions,
  input: Signal,
) {
  const scope = builder.scope(root);
  const candidates = variants === "plain" ? [] : fusions;
  const fusion = candidates.find((each) => each.match(network, input, loss, scope));
  const answers = { ...scope, mode: "infer" } as const;
  const answersAlike = fusion ===
    candidates.find((each) => each.match(network, input, undefined, answers));
  const fused = fusion?.match(network, input, loss, scope);
  if (fused) return { ...await fused(), answersAlike, backward: undefined };
  const compiled = await compileLayer(scope, network, input);
  return {
    output: compiled.output,
    reports: false,
    answersAlike,
    backward: (gradient: Parameters<typeof compiled.backward>[0]) =>
      compiled.backward(gradient, false),
  };
}

/** The way from gradients to parameters. */
async function compileUpdates(
  builder: ProgramBuilder,
  { optimizer, accumulate = 1, clip, exchanges = false, weight = 1 }: ProgramOptions,
): Promise<Map<Block, OptimizerState>> {
  const reduces = !optimizer || accumulate > 1 || clip !== undefined || exchanges || weight !== 1;
  if (reduces) {
    const options = { scale: weight / accumulate, adds: accumulate > 1 };
    await reduceGradients(builder, { ...options, ...clip ? { clip } : {} });
  }
  const states = new Map<Block, OptimizerState>();
  if (!optimizer) return states;
  const scope = builder.scope("optimizer");
  for (const [block, parameter] of builder.parameters) {
    states.set(block, await optimizer.compile(scope, parameter));
  }
  return states;
}
