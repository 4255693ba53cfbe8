// Counter-based random numbers: a value is a pure function of where it is used, so every adapter,
// every run and the TypeScript twin (src/signal/random.ts) draw the same.

// x >> 16 and x >> 15.
#for s in 15..17
fn shifted_${s}(x: u32) -> u32 {
#if shifts_by_floats
  // The upper bits are few enough for an f32, as a signed number; 1.5 * 2^23 moves it down to the lowest.
  let upper = f32(bitcast<i32>(x & ~((1u << ${s}u) - 1u)));
  return bitcast<u32>(upper * (1.0 / f32(1u << ${s}u)) + 12582912.0) & (0xffffffffu >> ${s}u);
#else
  return x >> ${s}u;
#end
}
#end

// A bijection of u32 that changes half of the output bits for each input bit (the constants of
// Ettinger's "lowbias32").
fn hash(value: u32) -> u32 {
  var x = value;
  x ^= shifted_16(x);
  x *= 0x7feb352du;
  x ^= shifted_15(x);
  x *= 0x846ca68bu;
  x ^= shifted_16(x);
  return x;
}
