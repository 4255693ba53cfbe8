// Sigmoid surrogate: the derivative of 1 / (1 + exp(-alpha x)) (SpikingJelly's Sigmoid).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  // By the symmetry of the derivative; exp of a negative number can't overflow.
  let e = exp(-abs(alpha * x));
  return alpha * e / ((1.0 + e) * (1.0 + e));
}

fn surrogate_primitive(x: f32) -> f32 {
  let e = exp(-abs(alpha * x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e);
}
