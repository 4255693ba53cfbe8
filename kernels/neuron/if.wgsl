// Integrate-and-fire without a leak: h = v + x (SpikingJelly's IFNode), and the derivatives of that.

fn charge(v: f32, x: f32) -> f32 {
  return v + x;
}

// dL/dx from dL/dh.
fn input_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh;
}

// dL/dv from dL/dh, v being the potential before the charge.
fn state_gradient(gh: f32, v: f32, x: f32) -> f32 {
  return gh;
}
