// Quadratic integrate-and-fire: how the membrane potential charges, and the derivatives of that.
//   h = v + (x + a0 (v - rest) (v - v_c)) * decay
// decay is 1 / tau. (SpikingJelly's QIFNode; Gerstner et al., Neuronal Dynamics, 5.3.)

fn charge(v: f32, x: f32) -> f32 {
  return v + (x + a0 * (v - rest) * (v - v_c)) * decay;
}

// dL/dx from dL/dh.
fn input_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh * decay;
}

// dL/dv from dL/dh.
fn state_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh * (1.0 + a0 * ((v - rest) + (v - v_c)) * decay);
}
