// Neurons that don't fire: the state after a charge is what the next one begins with.

fn after_reset(h: State) -> State {
  return h;
}

fn before_reset(h: State, gs: f32, gv: State) -> State {
  return gv;
}
