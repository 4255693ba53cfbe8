// Deterministic pass: the gradient goes through as it is; the derivative of x (SpikingJelly's
// DeterministicPass).

fn surrogate_gradient(x: f32) -> f32 {
  return 1.0;
}

fn surrogate_primitive(x: f32) -> f32 {
  return x;
}
