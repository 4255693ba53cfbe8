// Piecewise exponential surrogate: the derivative of exp(alpha x) / 2 below 0, of
// 1 - exp(-alpha x) / 2 from 0 on (SpikingJelly's PiecewiseExp).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  return 0.5 * alpha * exp(-alpha * abs(x));
}

fn surrogate_primitive(x: f32) -> f32 {
  let tail = 0.5 * exp(-alpha * abs(x));
  return select(tail, 1.0 - tail, x >= 0.0);
}
