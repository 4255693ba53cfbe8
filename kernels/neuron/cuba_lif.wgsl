// Current-based leaky integrate-and-fire: the state is (v, i), the potential and the synaptic current.
//   i' = i kept + x,  kept = 1 - 1 / tau_syn
//   decay_input:     h = v + (i' - (v - rest)) / tau_mem
//   no decay_input:  h = v - (v - rest) / tau_mem + i'
// (decay_input: Norse's LIF with steps of 1; without: SpikingJelly's CUBALIFNode and snnTorch's Synaptic. rest
// is v_reset, 0 with a soft reset.) Its constants are kept, decay, which is 1 / tau_mem, and rest.

fn synaptic_current(state: State, x: f32) -> f32 {
  return state.y * kept + x;
}

#if decay_input
fn charge(state: State, x: f32) -> State {
  let i = synaptic_current(state, x);
  return State(state.x + (i - (state.x - rest)) * decay, i);
}

// dL/dx from the gradient of (h, i').
fn input_gradient(gh: State) -> f32 {
  return gh.y + gh.x * decay;
}

// dL/d(decay), the state being that before the charge.
fn decay_gradient(gh: State, state: State, x: f32) -> f32 {
  return gh.x * (synaptic_current(state, x) - (state.x - rest));
}
#else
fn charge(state: State, x: f32) -> State {
  let i = synaptic_current(state, x);
  return State(state.x - (state.x - rest) * decay + i, i);
}

fn input_gradient(gh: State) -> f32 {
  return gh.y + gh.x;
}

fn decay_gradient(gh: State, state: State, x: f32) -> f32 {
  return gh.x * (rest - state.x);
}
#end

// dL/d(kept).
fn kept_gradient(gh: State, state: State, x: f32) -> f32 {
  return input_gradient(gh) * state.y;
}

// The gradient of (v, i).
fn state_gradient(gh: State) -> State {
  return State(gh.x * (1.0 - decay), input_gradient(gh) * kept);
}
