// Current-based neurons: a synaptic current i, which the input adds to, charges the potential v, and the
// derivatives of that. The state is (v, i).
//   i' = i - i * syn_decay + x                        (decay_input: i + (x - i) * syn_decay)
//   h  = v - (v - rest) * mem_decay + i'              (decay_current: v + (i' - (v - rest)) * mem_decay)
// syn_decay is 1 / tau_syn, mem_decay 1 / tau_mem. (Without the two choices and with rest 0, equations of
// SpikingJelly's CUBALIFNode and snnTorch's Synaptic; with decay_current, of Norse's LIF and LI.)

fn current_after(s: State, x: f32) -> f32 {
#if decay_input
  return s.y + (x - s.y) * syn_decay;
#else
  return s.y - s.y * syn_decay + x;
#end
}

fn charge(s: State, x: f32) -> State {
  let i = current_after(s, x);
#if decay_current
  return State(s.x + (i - (s.x - rest)) * mem_decay, i);
#else
  return State(s.x - (s.x - rest) * mem_decay + i, i);
#end
}

// dL/di', by way of the potential too, from gh = dL/d(h, i').
fn current_gradient(gh: State) -> f32 {
#if decay_current
  return gh.y + gh.x * mem_decay;
#else
  return gh.y + gh.x;
#end
}

fn input_gradient(gh: State, s: State, x: f32) -> f32 {
#if decay_input
  return current_gradient(gh) * syn_decay;
#else
  return current_gradient(gh);
#end
}

fn state_gradient(gh: State, s: State, x: f32) -> State {
  return State(gh.x * (1.0 - mem_decay), current_gradient(gh) * (1.0 - syn_decay));
}

fn syn_decay_gradient(gh: State, s: State, x: f32) -> f32 {
#if decay_input
  return current_gradient(gh) * (x - s.y);
#else
  return -current_gradient(gh) * s.y;
#end
}

fn mem_decay_gradient(gh: State, s: State, x: f32) -> f32 {
#if decay_current
  return gh.x * (current_after(s, x) - (s.x - rest));
#else
  return gh.x * (rest - s.x);
#end
}
