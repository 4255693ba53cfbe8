/**
 * Bounds that a statistic of true random numbers leaves with a probability of at most `level`, and the
 * statistics themselves. Of several statistics that are tested together each gets its equal share of the
 * level (Bonferroni): the chance that any of them leaves its bound is at most the level.
 */

/** How likely a test may fail for true random numbers: the seeds are fixed, so it fails always or never. */
export const LEVEL = 1e-6;

/**
 * How far a sum of independent numbers of variance `variance` in all, each within 1 of its mean, is
 * from its mean at most. Bernstein: `P(|S| >= d) <= 2 exp(-d^2 / (2 variance + 2 d / 3))`; solved for d.
 */
export function sumBound(variance: number, tests: number): number {
  const l = Math.log(2 * tests / LEVEL);
  return l / 3 + Math.sqrt((l / 3) ** 2 + 2 * l * variance);
}

/**
 * The largest |z| of a standard normal number. Mills: `P(|Z| >= z) <= 2 exp(-z^2 / 2) / (z sqrt(2 pi))`;
 * solved for z by repetition, which starts where the factor before exp is left out.
 */
export function normalBound(tests: number): number {
  const share = LEVEL / tests;
  let z = Math.sqrt(-2 * Math.log(share));
  for (let i = 0; i < 50; i++) {
    z = Math.sqrt(-2 * Math.log(share * z * Math.sqrt(2 * Math.PI) / 2));
  }
  return z;
}

/**
 * The least and the largest value of chi-square with k degrees of freedom. Laurent and Massart (2000):
 * `P(X >= k + 2 sqrt(k x) + 2 x) <= exp(-x)`, `P(X <= k - 2 sqrt(k x)) <= exp(-x)`.
 */
export function chiSquareBounds(k: number, tests: number): [number, number] {
  const x = Math.log(2 * tests / LEVEL);
  return [k - 2 * Math.sqrt(k * x), k + 2 * Math.sqrt(k * x) + 2 * x];
}

/** Pearson's chi-square of counts of which each is as likely. */
export function chiSquare(counts: ArrayLike<number>): number {
  const cells = Array.from(counts);
  const expected = cells.reduce((sum, count) => sum + count, 0) / cells.length;
  return cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Counts of pairs of bits, `[2 * first + second]`. */
export type PairTable = [number, number, number, number];

/**
 * The correlation of pairs times the root of their number: standard normal where the two bits are
 * independent. Its square is the chi-square of the 2x2 table, which has one degree of freedom.
 */
export function pairScore([n00, n01, n10, n11]: PairTable): number {
  const rows = (n00 + n01) * (n10 + n11);
  const columns = (n00 + n10) * (n01 + n11);
  return (n00 * n11 - n01 * n10) * Math.sqrt((n00 + n01 + n10 + n11) / (rows * columns));
}
