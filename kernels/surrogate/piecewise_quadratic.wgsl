// Piecewise quadratic surrogate: the derivative of 1 / 2 + z - z |z| / 2, z being alpha x within
// -1 and 1 (SpikingJelly's PiecewiseQuadratic).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  return alpha * max(0.0, 1.0 - abs(alpha * x));
}

fn surrogate_primitive(x: f32) -> f32 {
  let z = clamp(alpha * x, -1.0, 1.0);
  return 0.5 + z - 0.5 * z * abs(z);
}
