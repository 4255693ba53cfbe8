// Counter-based random numbers: a value is a pure function of where it is used, so every adapter,
// every run and the TypeScript twin (src/signal/random.ts) draw the same.

// A bijection of u32 that changes half of the output bits for each input bit (the constants of
// Ettinger's "lowbias32").
fn hash(value: u32) -> u32 {
  var x = value;
  x ^= x >> 16u;
  x *= 0x7feb352du;
  x ^= x >> 15u;
  x *= 0x846ca68bu;
  x ^= x >> 16u;
  return x;
}
