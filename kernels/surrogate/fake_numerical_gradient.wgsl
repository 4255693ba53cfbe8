// Fake numerical gradient surrogate: min(1 / |x|, alpha), of no primitive (SpikingJelly's
// FakeNumericalGradient).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  // The same as the minimum, but for a division by 0.
  return 1.0 / max(abs(x), 1.0 / alpha);
}
