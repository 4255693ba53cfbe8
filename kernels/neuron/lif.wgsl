// Leaky integrate-and-fire: how the membrane potential charges, and the derivatives of that.
//   decay_input:     h = v + (x - (v - rest)) * decay
//   no decay_input:  h = v - (v - rest) * decay + x
// decay is 1 / tau, rest is v_reset, or 0 with a soft reset. (Equations of SpikingJelly's LIFNode and,
// where the decay is learned, ParametricLIFNode; Fang et al., ICCV 2021.)

// dL/ddecay from dL/dh, v being the potential before the charge.
fn decay_gradient(gh: f32, v: f32, x: f32) -> f32 {
#if decay_input
  return gh * (x - (v - rest));
#else
  return gh * (rest - v);
#end
}

#if decay_input
fn charge(v: f32, x: f32) -> f32 {
  return v + (x - (v - rest)) * decay;
}
// dL/dx from dL/dh.
fn input_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh * decay;
}
#else
fn charge(v: f32, x: f32) -> f32 {
  return v - (v - rest) * decay + x;
}
fn input_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh;
}
#end

// dL/dv from dL/dh.
fn state_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh * (1.0 - decay);
}
