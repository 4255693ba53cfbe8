// ATan surrogate: the derivative of atan(pi / 2 alpha x) / pi + 1 / 2 (SpikingJelly's ATan).

override alpha: f32;

fn surrogate_gradient(x: f32) -> f32 {
  let z = 1.5707963267948966 * alpha * x;
  return 0.5 * alpha / (1.0 + z * z);
}

fn surrogate_primitive(x: f32) -> f32 {
  return atan(1.5707963267948966 * alpha * x) / 3.141592653589793 + 0.5;
}
