// Leaky integrate-and-fire whose charged potential is scaled and has no negative values, and the derivatives of that.
//   h = max(0, k (v + (x - (v - rest)) * decay))       (decay_input)
//   h = max(0, k (v - (v - rest) * decay + x))         (otherwise)
// decay is 1 / tau, rest is v_reset, or 0 with a soft reset; k is learned. (SpikingJelly's KLIFNode; Jiang and
// Zhang, 2023.)

fn leaked(v: f32, x: f32) -> f32 {
#if decay_input
  return v + (x - (v - rest)) * decay;
#else
  return v - (v - rest) * decay + x;
#end
}

fn charge(v: f32, x: f32) -> f32 {
  return max(0.0, k * leaked(v, x));
}

// dL/d(k leaked) from dL/dh.
fn scaled_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return select(0.0, gh, k * leaked(v, x) > 0.0);
}

// dL/dx from dL/dh.
fn input_gradient(gh: f32, v: f32, x: f32) -> f32 {
#if decay_input
  return scaled_gradient(gh, v, x) * k * decay;
#else
  return scaled_gradient(gh, v, x) * k;
#end
}

// dL/dv from dL/dh.
fn state_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return scaled_gradient(gh, v, x) * k * (1.0 - decay);
}

// dL/dk from dL/dh.
fn k_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return scaled_gradient(gh, v, x) * leaked(v, x);
}
