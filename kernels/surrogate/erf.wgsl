// Erf surrogate: the derivative of erfc(-alpha x) / 2 (SpikingJelly's Erf).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  let z = alpha * x;
  return alpha * inverseSqrt(3.141592653589793) * exp(-z * z);
}

fn surrogate_primitive(x: f32) -> f32 {
  // erfc(z) for z >= 0, to 1.5e-7: formula 7.1.26 of Abramowitz and Stegun's Handbook of
  // Mathematical Functions.
  let z = abs(alpha * x);
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t +
    0.254829592) * t;
  let tail = 0.5 * series * exp(-z * z);
  return select(tail, 1.0 - tail, x >= 0.0);
}
