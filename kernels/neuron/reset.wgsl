// Firing and reset, and the derivatives of those: h is the potential after the charge, v after the reset.
//   s = 1 if h >= v_threshold else 0
//   hard reset: v = (1 - s) h + s v_reset        soft reset: v = h - s v_threshold
//   delayed: v = h, as the next charge subtracts (charged.wgsl); gradients don't pass it

// Of a state with more variables than the potential, the others pass through. Where neurons adapt, a spike
// adds spike_jump() to those, and threshold = v_threshold + dot(threshold_raise(), h).

#if adapts
fn potential_of(state: State) -> f32 { return state.x; }

fn threshold_of(h: State) -> f32 { return v_threshold + dot(threshold_raise(), h); }

fn spikes_at(h: State) -> bool { return h.x >= threshold_of(h); }

fn reset(h: State) -> State {
  let spikes = spikes_at(h);
  var next = h + select(State(), spike_jump(), spikes);
#if soft_reset
  next.x = h.x - select(0.0, threshold_of(h), spikes);
#else
  next.x = select(h.x, v_reset, spikes);
#end
  return next;
}

// dL/dh from gs = dL/ds and g = dL/d(state after the reset).
fn fire_gradient(h: State, gs: f32, g: State) -> State {
  let spikes = spikes_at(h);
  let threshold = threshold_of(h);
  let surrogate = surrogate_gradient(h.x - threshold);
  let all = gs + dot(spike_jump(), g);
#if detach_reset
  let excess = all * surrogate;
#else
#if soft_reset
  let excess = (all - threshold * g.x) * surrogate;
#else
  let excess = (all + g.x * (v_reset - h.x)) * surrogate;
#end
#end
  var next = g;
#if soft_reset
  next.x = g.x + excess;
  return next - threshold_raise() * (excess + select(0.0, g.x, spikes));
#else
  next.x = select(g.x, 0.0, spikes) + excess;
  return next - threshold_raise() * excess;
#end
}
#else
#if state_size == 1
fn potential_of(state: State) -> f32 { return state; }

fn reset(h: f32) -> f32 {
#else
fn potential_of(state: State) -> f32 { return state.x; }

fn with_potential(state: State, v: f32) -> State {
  var other = state;
  other.x = v;
  return other;
}

fn reset(state: State) -> State {
  return with_potential(state, reset_potential(state.x));
}

fn fire_gradient(state: State, gs: f32, g: State) -> State {
  return with_potential(g, potential_gradient(state.x, gs, g.x));
}

fn reset_potential(h: f32) -> f32 {
#end
#if reset_delay
  return h;
#else
#if soft_reset
  return h - select(0.0, v_threshold, h >= v_threshold);
#else
  return select(h, v_reset, h >= v_threshold);
#end
#end
}

// dL/dh from gs = dL/ds and gv = dL/dv.
#if state_size == 1
fn fire_gradient(h: f32, gs: f32, gv: f32) -> f32 {
#else
fn potential_gradient(h: f32, gs: f32, gv: f32) -> f32 {
#end
  let surrogate = surrogate_gradient(h - v_threshold);
#if soft_reset
#if detach_reset
  return gs * surrogate + gv;
#else
  return (gs - v_threshold * gv) * surrogate + gv;
#end
#else
  let kept = select(gv, 0.0, h >= v_threshold);
#if detach_reset
  return gs * surrogate + kept;
#else
  return (gs + gv * (v_reset - h)) * surrogate + kept;
#end
#end
}

fn spikes_at(h: State) -> bool { return potential_of(h) >= v_threshold; }
#end
