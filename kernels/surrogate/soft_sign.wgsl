// Soft sign surrogate: the derivative of (1 + z / (1 + |z|)) / 2, z being alpha x (SpikingJelly's
// SoftSign).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  let d = 1.0 + abs(alpha * x);
  return 0.5 * alpha / (d * d);
}

fn surrogate_primitive(x: f32) -> f32 {
  let z = alpha * x;
  return 0.5 + 0.5 * z / (1.0 + abs(z));
}
