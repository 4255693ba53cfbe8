// Leaky integrate-and-fire: how the membrane potential charges, and the derivatives of that.
//   decay_input:     h = v + (x - (v - rest)) / tau
//   no decay_input:  h = v - (v - rest) / tau + x
// (Equations of SpikingJelly's LIFNode; rest is v_reset, 0 with a soft reset.) Its constants are decay, which
// is 1 / tau, and rest.

#if decay_input
fn charge(v: State, x: f32) -> State {
  return v + (x - (v - rest)) * decay;
}

// dL/dx from dL/dh.
fn input_gradient(gh: State) -> f32 {
  return gh * decay;
}

// dL/d(decay) from dL/dh, v being the potential before the charge.
fn decay_gradient(gh: State, v: State, x: f32) -> f32 {
  return gh * (x - (v - rest));
}
#else
fn charge(v: State, x: f32) -> State {
  return v - (v - rest) * decay + x;
}

fn input_gradient(gh: State) -> f32 {
  return gh;
}

fn decay_gradient(gh: State, v: State, x: f32) -> f32 {
  return gh * (rest - v);
}
#end

// dL/dv from dL/dh.
fn state_gradient(gh: State) -> State {
  return gh * (1.0 - decay);
}
