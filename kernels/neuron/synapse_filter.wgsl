// The current of a synapse, which decays where no spike comes in, and the derivatives of that:
//   i' = i - (1 - x) * i * decay + x        decay is 1 / tau
// (Equations of SpikingJelly's SynapseFilter; Diehl and Cook, 2015.)

fn charge(i: f32, x: f32) -> f32 {
  return i - (1.0 - x) * i * decay + x;
}

fn input_gradient(gh: f32, i: f32, x: f32) -> f32 {
  return gh * (1.0 + i * decay);
}

fn state_gradient(gh: f32, i: f32, x: f32) -> f32 {
  return gh * (1.0 - (1.0 - x) * decay);
}

fn decay_gradient(gh: f32, i: f32, x: f32) -> f32 {
  return gh * (x - 1.0) * i;
}
