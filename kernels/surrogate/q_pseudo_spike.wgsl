// q-PseudoSpike surrogate: the derivative of 1 - tail from 0 on, of tail below, where tail is
// (1 + 2 |x| / (alpha - 1))^(1 - alpha) / 2 (SpikingJelly's QPseudoSpike).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  return pow(1.0 + 2.0 * abs(x) / (alpha - 1.0), -alpha);
}

fn surrogate_primitive(x: f32) -> f32 {
  let tail = 0.5 * pow(1.0 + 2.0 * abs(x) / (alpha - 1.0), 1.0 - alpha);
  return select(tail, 1.0 - tail, x >= 0.0);
}
