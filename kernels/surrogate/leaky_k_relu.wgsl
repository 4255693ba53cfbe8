// Leaky k ReLU surrogate: the derivative of slope x from 0 on, of leak x below (SpikingJelly's
// LeakyKReLU; slope is its k).

override leak: f32;
override slope: f32;

fn surrogate_gradient(x: f32) -> f32 {
  return select(leak, slope, x >= 0.0);
}

fn surrogate_primitive(x: f32) -> f32 {
  return surrogate_gradient(x) * x;
}
