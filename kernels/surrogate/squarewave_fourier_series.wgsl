// Square wave surrogate: the first terms of a square wave's Fourier series, and their derivatives
// (SpikingJelly's SquarewaveFourierSeries; terms is its n - 1, period its T_period).

override terms: u32;
override period: f32;

// cos(2 pi turns), as sin(y) by its Taylor series up to y^11: 1e-6 off at most, where the cos of
// WGSL may be 5e-4 off.
fn surrogate_cos(turns: f32) -> f32 {
  let y = 6.283185307179586 * (0.25 - abs(turns - round(turns)));
  let y2 = y * y;
  return y * (1.0 - y2 / 6.0 * (1.0 - y2 / 20.0 * (1.0 - y2 / 42.0 *
    (1.0 - y2 / 72.0 * (1.0 - y2 / 110.0)))));
}

fn surrogate_gradient(x: f32) -> f32 {
  let turns = x / period;
  var sum = 0.0;
  for (var i = 0u; i < terms; i++) {
    sum += surrogate_cos(f32(2u * i + 1u) * turns);
  }
  return 4.0 / period * sum;
}

fn surrogate_primitive(x: f32) -> f32 {
  let turns = x / period;
  var sum = 0.0;
  for (var i = 0u; i < terms; i++) {
    let harmonic = f32(2u * i + 1u);
    sum += surrogate_cos(harmonic * turns - 0.25) / harmonic;
  }
  return 0.5 + 2.0 / 3.141592653589793 * sum;
}
