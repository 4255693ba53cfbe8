// SuperSpike surrogate: alpha / (1 + |x|)^2 (SpikingJelly's SuperSpike, which has no primitive).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  let d = 1.0 + abs(x);
  return alpha / (d * d);
}
