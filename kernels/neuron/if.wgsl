// Integrate-and-fire without a leak: h = v + x (SpikingJelly's IFNode), and the derivatives of that.

fn charge(v: State, x: f32) -> State {
  return v + x;
}

// dL/dx from dL/dh.
fn input_gradient(gh: State) -> f32 {
  return gh;
}

// dL/dv from dL/dh, v being the potential before the charge.
fn state_gradient(gh: State) -> State {
  return gh;
}
