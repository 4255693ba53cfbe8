/**
 * Numbers that come back as they were: time constants in seconds and in time steps, thresholds that neurons
 * fire at and above.
 *
 * @module
 */

/** The least float32 that devices don't take for 0. */
const LEAST_NORMAL = 2 ** -126;
/** Digits of a time constant that is meant to be short: 3e-4 / 1e-4 is 3. */
const SHORT_DIGITS = 9;

/**
 * The float32 next to a number.
 *
 * @param value The number; it is rounded to float32 first.
 * @param towards Whether the next lower or the next higher one is wanted.
 * @returns The float32; undefined if devices would take it for 0, or it is infinite.
 */
export function nextFloat(value: number, towards: "lower" | "higher"): number | undefined {
  const float = Float32Array.of(value);
  const bits = new Uint32Array(float.buffer);
  if (float[0] === 0) return undefined;
  bits[0]! += float[0]! > 0 === (towards === "higher") ? 1 : -1;
  const next = float[0]!;
  return Math.abs(next) >= LEAST_NORMAL && Number.isFinite(next) ? next : undefined;
}

/**
 * The shortest decimal of a float32: 0.0025, where 0.0024999999441206455 is stored.
 *
 * @param float The float32.
 * @returns A number that rounds to it.
 */
export function shortest(float: number): number {
  for (let digits = 1; digits < SHORT_DIGITS; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return float;
}

/**
 * A time constant in time steps.
 *
 * @param seconds The time constant, in seconds.
 * @param dt A time step, in seconds.
 * @param isFloat Whether it was stored as float32: then it stands for the shortest number of steps that is
 * stored as the same.
 * @returns Time steps, without the noise of the division.
 */
export function toSteps(seconds: number, dt: number, isFloat = false): number {
  const steps = seconds / dt;
  for (let digits = 1; isFloat && digits < SHORT_DIGITS; digits++) {
    const short = Number(steps.toPrecision(digits));
    if (Math.fround(short * dt) === seconds) return short;
  }
  const short = Number(steps.toPrecision(SHORT_DIGITS));
  return Math.abs(short - steps) <= 4 * Number.EPSILON * steps ? short : steps;
}

/**
 * A time constant in seconds, from which {@linkcode toSteps} makes the same.
 *
 * @param steps The time constant, in time steps.
 * @param dt A time step, in seconds.
 * @returns Seconds.
 */
export function toSeconds(steps: number, dt: number): number {
  const seconds = steps * dt;
  const near = [0, -1, 1, -2, 2].map((ulps) => seconds * (1 + ulps * Number.EPSILON / 2));
  // Kernels take 1 / tau as float32.
  const isSame = (seconds: number) =>
    Math.fround(1 / toSteps(seconds, dt)) === Math.fround(1 / steps);
  return near.find((seconds) => toSteps(seconds, dt) === steps) ?? near.find(isSame) ?? seconds;
}

/**
 * Whether a number is another, but for the rounding of float32.
 *
 * @param a The number.
 * @param b The other.
 * @returns True if they are.
 */
export function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.abs(b);
}
