// A time step up to the spike: what the charge gives and, where the reset is delayed, what is subtracted for the
// step before's spike, after the potential decayed:
//   h = charge(v, x) - s v_threshold, s = 1 if v >= v_threshold else 0
// (snnTorch's reset, by default; the state keeps the potential that fired.)

fn charged(state: State, x: f32) -> State {
#if reset_delay
  let late = select(0.0, v_threshold, spikes_at(state));
#if state_size == 1
  return charge(state, x) - late;
#else
  var next = charge(state, x);
  next.x -= late;
  return next;
#end
#else
  return charge(state, x);
#end
}
