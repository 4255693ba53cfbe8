// Firing and reset, and the derivatives of those: h is the potential after the charge, v after the reset.
//   s = 1 if h >= v_threshold else 0
//   hard reset: v = (1 - s) h + s v_reset        soft reset: v = h - s v_threshold

// Of a state with more variables than the potential, the others pass through.

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
#if soft_reset
  return h - select(0.0, v_threshold, h >= v_threshold);
#else
  return select(h, v_reset, h >= v_threshold);
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
