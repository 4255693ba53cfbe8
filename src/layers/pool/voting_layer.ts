import type { LayerJson } from "../../core/layer.ts";
import { formatShape, type Shape } from "../../core/shape.ts";
import { checkCount } from "../../validate.ts";
import { Pool } from "./pool.ts";
import { type PoolWindow, windowOver } from "./window.ts";

/**
 * The mean of each group of neurons at each time step, a group for each class: `[T, batch, features]` becomes
 * `[T, batch, features / votingSize]`. Behind the last neurons of a network, those of a class vote for it.
 *
 * Source: `VotingLayer` of SpikingJelly (Fang et al., ICCV 2021, whose networks end in it).
 *
 * @example
 * ```ts
 * import { LifNode, Linear, Sequential, VotingLayer } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const network = new Sequential([new Linear(512, 110), new LifNode(), new VotingLayer(10)]);
 * assertEquals(network.outputShape([512]), [11]);
 * ```
 */
export class VotingLayer extends Pool {
  /** The kind of layer. */
  readonly kind = "VotingLayer";
  /** What becomes of a group. */
  readonly gives = "mean";
  /** How many neurons vote for a class. */
  readonly votingSize: number;

  /**
   * Describes the layer.
   *
   * @param votingSize How many neurons vote for a class.
   * @throws {RangeError} If it isn't an integer of at least 1.
   */
  constructor(votingSize = 10) {
    super();
    this.votingSize = checkCount("Cannot create a VotingLayer", "votingSize", votingSize);
  }

  /**
   * How its groups lie over a sample.
   *
   * @param input What a sample has that comes in: `[features]`.
   * @returns The groups, as windows over a line.
   * @throws {RangeError} If it has another shape, or a number of features that isn't a multiple of `votingSize`.
   */
  window(input: Shape): PoolWindow {
    const what = `Cannot compile ${this.title()}`;
    const [features, ...others] = input;
    if (features === undefined || others.length > 0) {
      throw new RangeError(
        `${what} as it takes samples of [features]: it gets ${formatShape(input)}`,
      );
    }
    if (features % this.votingSize !== 0) {
      throw new RangeError(
        `${what} as ${features} features aren't a multiple of ${this.votingSize}`,
      );
    }
    const kernelSize = [1, this.votingSize] as const;
    const move = { kernelSize, stride: kernelSize, padding: [0, 0] as const };
    return windowOver(what, move, { channels: 1, size: [1, features] });
  }

  /** How many classes are voted for, `[classes]`. */
  override outputShape(input: Shape): Shape {
    return [this.window(input).windows[1]];
  }

  /** What makes the layer again. */
  toJSON(): LayerJson {
    return { kind: this.kind, votingSize: this.votingSize };
  }

  /** What a summary calls it. */
  title(): string {
    return `VotingLayer ${this.votingSize}`;
  }
}
