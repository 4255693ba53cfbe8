import type { CompiledLayer } from "./layer.ts";
import type { Loss } from "./loss.ts";
import type { Scope } from "./scope.ts";
import type { Signal } from "./signal.ts";
import type { Layer } from "./layer.ts";

/**
 * One of several implementations of a layer. The last of a list, the plain one, takes every input; the
 * others are there for speed, and can be left out without losing a function.
 */
export interface Variant<L, C extends CompiledLayer = CompiledLayer> {
  /** Its name in summaries, such as "events, a workgroup a sample". */
  readonly name: string;
  /**
   * Whether it can take this layer on this input here.
   *
   * @param layer The layer.
   * @param input The signal that comes in.
   * @param scope The layer's view of the program.
   */
  fits(layer: L, input: Signal, scope: Scope): boolean;
  /**
   * Adds the layer's kernels to a program.
   *
   * @param layer The layer.
   * @param input The signal that comes in.
   * @param scope The layer's view of the program.
   */
  compile(layer: L, input: Signal, scope: Scope): Promise<C>;
}

/**
 * Compiles a layer by the first of its variants that fits; the plain one where the program asks for no
 * others.
 *
 * @param variants The variants, the fastest first, the plain one last.
 * @param layer The layer.
 * @param input The signal that comes in.
 * @param scope The layer's view of the program.
 * @returns The compiled layer.
 */
export async function compileVariant<L, C extends CompiledLayer = CompiledLayer>(
  variants: readonly Variant<L, C>[],
  layer: L,
  input: Signal,
  scope: Scope,
): Promise<C> {
  const plain = variants.at(-1)!;
  const chosen = scope.variants === "plain"
    ? plain
    : variants.find((variant) => variant.fits(layer, input, scope)) ?? plain;
  scope.chose(chosen.name);
  return await chosen.compile(layer, input, scope);
}

/** A whole network that runs as fewer kernels than its layers have: a variant of the plain program. */
export interface Fusion {
  /** Its name in summaries. */
  readonly name: string;
  /**
   * Whether it can take this network.
   *
   * @param network The network.
   * @param input The signal that comes in.
   * @param loss The loss; none in a program that only answers.
   * @param scope The network's view of the program.
   * @returns What compiles it; nothing if it can't.
   */
  match(
    network: Layer,
    input: Signal,
    loss: Loss | undefined,
    scope: Scope,
  ): (() => Promise<FusedNetwork>) | undefined;
}

/** A network that was compiled by a {@linkcode Fusion}, its backward pass included. */
export interface FusedNetwork {
  /** The network's output. */
  readonly output: Signal;
  /** Whether it reports the loss and the answers, too. */
  readonly reports: boolean;
}
