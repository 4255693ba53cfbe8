const rotate = (x: number, bits: number) => x << bits | x >>> (32 - bits);

/**
 * The checksum of HDF5's metadata: Bob Jenkins' lookup3, started with 0.
 *
 * @param bytes The bytes.
 * @returns 32 bits.
 */
export function lookup3(bytes: Uint8Array): number {
  // Bytes beyond the end count as zeros.
  const word = (at: number) =>
    (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0) << 16 |
    (bytes[at + 3] ?? 0) << 24;
  let a = 0xdeadbeef + bytes.length | 0, b = a, c = a;
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = a + word(at) | 0;
    b = b + word(at + 4) | 0;
    c = c + word(at + 8) | 0;
    a = (a - c | 0) ^ rotate(c, 4), c = c + b | 0;
    b = (b - a | 0) ^ rotate(a, 6), a = a + c | 0;
    c = (c - b | 0) ^ rotate(b, 8), b = b + a | 0;
    a = (a - c | 0) ^ rotate(c, 16), c = c + b | 0;
    b = (b - a | 0) ^ rotate(a, 19), a = a + c | 0;
    c = (c - b | 0) ^ rotate(b, 4), b = b + a | 0;
  }
  if (at === bytes.length) return c >>> 0;
  a = a + word(at) | 0;
  b = b + word(at + 4) | 0;
  c = c + word(at + 8) | 0;
  c = (c ^ b) - rotate(b, 14) | 0;
  a = (a ^ c) - rotate(c, 11) | 0;
  b = (b ^ a) - rotate(a, 25) | 0;
  c = (c ^ b) - rotate(b, 16) | 0;
  a = (a ^ c) - rotate(c, 4) | 0;
  b = (b ^ a) - rotate(a, 14) | 0;
  c = (c ^ b) - rotate(b, 24) | 0;
  return c >>> 0;
}
