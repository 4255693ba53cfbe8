// Leaky integrate-and-fire with an adaptive threshold, and the derivatives of that. The state is (v, a), a being
// by how much the threshold is raised.
//   h  = v + (x - (v - rest)) * decay                 (decay_input; v - (v - rest) * decay + x otherwise)
//   a' = a - a * adapt_decay, and jump more after a spike
// (Bellec et al., NeurIPS 2018, with jump = beta * adapt_decay; Norse's LSNN.)

fn charge(s: State, x: f32) -> State {
#if decay_input
  let h = s.x + (x - (s.x - rest)) * decay;
#else
  let h = s.x - (s.x - rest) * decay + x;
#end
  return State(h, s.y - s.y * adapt_decay);
}

fn input_gradient(gh: State, s: State, x: f32) -> f32 {
#if decay_input
  return gh.x * decay;
#else
  return gh.x;
#end
}

fn state_gradient(gh: State, s: State, x: f32) -> State {
  return State(gh.x * (1.0 - decay), gh.y * (1.0 - adapt_decay));
}

fn decay_gradient(gh: State, s: State, x: f32) -> f32 {
#if decay_input
  return gh.x * (x - (s.x - rest));
#else
  return gh.x * (rest - s.x);
#end
}

fn spike_jump() -> State {
  return State(0.0, jump);
}

fn threshold_raise() -> State {
  return State(0.0, 1.0);
}
