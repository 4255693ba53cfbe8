// Exponential integrate-and-fire: how the membrane potential charges, and the derivatives of that.
//   h = v + (x + rest - v + delta_t exp((v - theta_rh) / delta_t)) * decay
// decay is 1 / tau. (SpikingJelly's EIFNode; Gerstner et al., Neuronal Dynamics, 5.2.)

fn rise(v: f32) -> f32 {
  return exp((v - theta_rh) / delta_t);
}

fn charge(v: f32, x: f32) -> f32 {
  return v + (x + rest - v + delta_t * rise(v)) * decay;
}

// dL/dx from dL/dh.
fn input_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh * decay;
}

// dL/dv from dL/dh.
fn state_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh * (1.0 + (rise(v) - 1.0) * decay);
}
