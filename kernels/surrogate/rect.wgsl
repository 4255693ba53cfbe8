// Rectangular surrogate: the derivative of alpha x + 1 / 2 within 0 and 1 (SpikingJelly's Rect).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  return select(0.0, alpha, abs(x) < 0.5 / alpha);
}

fn surrogate_primitive(x: f32) -> f32 {
  return clamp(alpha * x + 0.5, 0.0, 1.0);
}
