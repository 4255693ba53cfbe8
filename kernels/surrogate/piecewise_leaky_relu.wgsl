// Piecewise leaky ReLU surrogate: the derivative of x / (2 half_width) + 1 / 2 where |x| is below
// half_width, of lines with outer_slope outside (SpikingJelly's PiecewiseLeakyReLU: its w and c).

override half_width: f32;
override outer_slope: f32;

fn surrogate_gradient(x: f32) -> f32 {
  return select(outer_slope, 0.5 / half_width, abs(x) < half_width);
}

fn surrogate_primitive(x: f32) -> f32 {
  let inside = clamp(x, -half_width, half_width);
  return 0.5 * inside / half_width + 0.5 + outer_slope * (x - inside);
}
