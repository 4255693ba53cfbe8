/** AMD's family of Zen 3 and Zen 4. */
const ZEN_4 = /^cpu family\s*:\s*25$/m;

/**
 * Whether a processor does 512 bits at once: it has AVX-512, and isn't Zen 4, which does them in halves. There
 * llvmpipe at 512 bits takes as long as at 256 for products of matrices, and 1.3 times as long for spike events.
 *
 * @param description Linux's `/proc/cpuinfo`.
 * @returns Whether it does.
 */
export function doesWideVectors(description: string): boolean {
  const inHalves = /^vendor_id\s*:\s*AuthenticAMD$/m.test(description) && ZEN_4.test(description);
  return /^flags\b.*\bavx512f\b/m.test(description) && !inHalves;
}
