// Log-tailed ReLU surrogate: the derivative of alpha x up to 0, of x up to 1, of ln(x) + 1 above
// (SpikingJelly's LogTailedReLU).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  return select(1.0 / max(x, 1.0), alpha, x <= 0.0);
}

fn surrogate_primitive(x: f32) -> f32 {
  return select(min(x, 1.0) + log(max(x, 1.0)), alpha * x, x <= 0.0);
}
