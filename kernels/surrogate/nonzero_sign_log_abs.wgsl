// Nonzero-sign log-abs surrogate: the derivative of sign(x) ln(alpha |x| + 1) (SpikingJelly's
// NonzeroSignLogAbs).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  return alpha / (1.0 + alpha * abs(x));
}

fn surrogate_primitive(x: f32) -> f32 {
  return sign(x) * log(1.0 + alpha * abs(x));
}
