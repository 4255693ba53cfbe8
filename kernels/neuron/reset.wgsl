// Firing and reset, and the derivatives of those: h is the potential after the charge, v after the reset.
//   s = 1 if h >= v_threshold else 0
//   hard reset: v = (1 - s) h + s v_reset        soft reset: v = h - s v_threshold
// The constants are v_threshold and v_reset. Other state than the potential passes through.

fn reset(h: f32) -> f32 {
#if soft_reset
  return h - select(0.0, v_threshold, h >= v_threshold);
#else
  return select(h, v_reset, h >= v_threshold);
#end
}

// dL/dh from gs = dL/ds and gv = dL/dv.
fn fire_gradient(h: f32, gs: f32, gv: f32) -> f32 {
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

// The state after firing and reset.
fn after_reset(h: State) -> State {
  return with_potential(h, reset(potential_of(h)));
}

// dL/dh of the whole state from gs = dL/ds and the gradient of the state after the reset.
fn before_reset(h: State, gs: f32, gv: State) -> State {
  return with_potential(gv, fire_gradient(potential_of(h), gs, potential_of(gv)));
}
