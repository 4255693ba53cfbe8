// Leaky integrate-and-fire: how the membrane potential charges, and the derivatives of that.
//   decay_input:     h = v + (x - (v - v_reset)) / tau
//   no decay_input:  h = v - (v - v_reset) / tau + x
// (Equations of SpikingJelly's LIFNode; v_reset counts as 0 with a soft reset.) Where the decay is
// learned, 1 / tau = sigmoid(w) (ParametricLIFNode; Fang et al., ICCV 2021).

override rest: f32;         // v_reset, or 0 with a soft reset

#if learned_decay
#binding var<storage, read> tau_parameter: array<f32>;  // w
var<private> decay: f32;    // 1 / tau

fn prepare() {
  decay = 1.0 / (1.0 + exp(-tau_parameter[0]));
}

// dL/d(1 / tau) from dL/dh, v being the potential before the charge.
fn decay_gradient(gh: f32, v: f32, x: f32) -> f32 {
#if decay_input
  return gh * (x - (v - rest));
#else
  return gh * (rest - v);
#end
}
#else
override decay: f32;        // 1 / tau

fn prepare() {}
#end

#if decay_input
fn charge(v: f32, x: f32) -> f32 {
  return v + (x - (v - rest)) * decay;
}
// dL/dx from dL/dh.
fn input_gradient(gh: f32) -> f32 {
  return gh * decay;
}
#else
fn charge(v: f32, x: f32) -> f32 {
  return v - (v - rest) * decay + x;
}
fn input_gradient(gh: f32) -> f32 {
  return gh;
}
#end

// dL/dv from dL/dh.
fn potential_gradient(gh: f32) -> f32 {
  return gh * (1.0 - decay);
}
