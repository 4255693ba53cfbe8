/**
 * Surrogate gradients: what stands for the derivative of a spike, which is 0 nearly everywhere.
 *
 * @module
 */

/**
 * A surrogate gradient. {@linkcode surrogates} holds those there are; your own is an object of this
 * shape.
 *
 * The neurons' kernels hold its WGSL at module scope, beside their own. None of its parameters and
 * functions may have a name that these use there, such as `decay`, `neurons`, `reset`, `rest`, `steps`
 * or `v_threshold`: that is an error. They use none that begins with `surrogate_`, but for the two
 * functions below.
 *
 * @example
 * ```ts
 * import { LifNode, type Surrogate } from "@galvani/snn";
 *
 * const triangle: Surrogate = {
 *   name: "triangle",
 *   parameters: { width: 1 },
 *   wgsl: `override width: f32;
 * fn surrogate_gradient(x: f32) -> f32 { return max(0.0, 1.0 - abs(x) / width) / width; }`,
 *   gradient: (x) => Math.max(0, 1 - Math.abs(x)),
 * };
 * const neurons = new LifNode({ surrogate: triangle });
 * ```
 */
export interface Surrogate {
  /** Its name in messages and logs. */
  readonly name: string;
  /**
   * Values of the `override` constants that the WGSL declares, each at the start of a line; a name
   * in camelCase here is one in snake_case there.
   */
  readonly parameters: Readonly<Record<string, number>>;
  /**
   * WGSL with `fn surrogate_gradient(x: f32) -> f32`, the derivative used for a spike, and, if there
   * is a `primitive`, `fn surrogate_primitive(x: f32) -> f32`; x is the potential minus the threshold.
   */
  readonly wgsl: string;
  /** The same in TypeScript. */
  readonly gradient: (x: number) => number;
  /** The smooth function whose derivative it is, where there is one. */
  readonly primitive?: (x: number) => number;
}

/**
 * Checks the width parameter that most surrogates have.
 *
 * @param name The surrogate's name.
 * @param alpha The parameter.
 * @returns The parameter.
 * @throws {RangeError} If it isn't a finite number above 0.
 */
export function checkAlpha(name: string, alpha: number): number {
  if (!(alpha > 0 && Number.isFinite(alpha))) {
    throw new RangeError(
      `Cannot create the surrogate "${name}" as alpha must be a finite number above 0: ` +
        `current value is ${alpha}`,
    );
  }
  return alpha;
}
