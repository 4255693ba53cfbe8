// What a neuron keeps from step to step: its potential v first, then whatever else its kind has.

#if state_size == 1
alias State = f32;

fn potential_of(state: State) -> f32 {
  return state;
}

fn with_potential(state: State, v: f32) -> State {
  return v;
}
#else
alias State = vec${state_size}<f32>;

fn potential_of(state: State) -> f32 {
  return state.x;
}

fn with_potential(state: State, v: f32) -> State {
  var other = state;
  other.x = v;
  return other;
}
#end
