// Quadratic integrate-and-fire with a recovery current w, and the derivatives of that. The state is (v, w).
//   h  = v + (x + a0 (v - rest) (v - v_c) - w) * decay
//   w' = w + (a (h - rest) - w) * recovery_decay, and b more after a spike
// decay is 1 / tau, recovery_decay 1 / tau_w. (SpikingJelly's IzhikevichNode; Izhikevich, 2003.)

fn charge(s: State, x: f32) -> State {
  let h = s.x + (x + a0 * (s.x - rest) * (s.x - v_c) - s.y) * decay;
  return State(h, s.y + (a * (h - rest) - s.y) * recovery_decay);
}

// dL/dh, by way of w' too.
fn potential_gradient_of(gh: State) -> f32 {
  return gh.x + gh.y * a * recovery_decay;
}

fn input_gradient(gh: State, s: State, x: f32) -> f32 {
  return potential_gradient_of(gh) * decay;
}

fn state_gradient(gh: State, s: State, x: f32) -> State {
  let g = potential_gradient_of(gh);
  return State(
    g * (1.0 + a0 * ((s.x - rest) + (s.x - v_c)) * decay),
    gh.y * (1.0 - recovery_decay) - g * decay,
  );
}

fn spike_jump() -> State {
  return State(0.0, b);
}

fn threshold_raise() -> State {
  return State();
}
