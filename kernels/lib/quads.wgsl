// Where the time steps 4 * quad ... 4 * quad + 3 of number n of a dense signal lie, as one vector
// (src/signal/dense.ts): in blocks of eight, [ceil(N / 8)][quads][8], so that all the time of a neuron
// lies close together, and that of the eight which a processor's vector holds in one piece.
fn quad_at(quad: u32, n: u32) -> u32 {
  return (n >> 3u) * ${8 * quads}u + quad * 8u + (n & 7u);
}
