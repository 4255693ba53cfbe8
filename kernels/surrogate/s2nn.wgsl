// S2NN surrogate: a sigmoid below 0, a logarithm from 0 on (SpikingJelly's S2NN). The derivative of
// that logarithm has 1e-5 in its denominator, which the gradient leaves out.

override alpha: f32;
override beta: f32;

fn surrogate_gradient(x: f32) -> f32 {
  let e = exp(-abs(alpha * x));
  let below = alpha * e / ((1.0 + e) * (1.0 + e));
  return select(beta / (max(x, 0.0) + 1.0), below, x < 0.0);
}

fn surrogate_primitive(x: f32) -> f32 {
  let e = exp(-abs(alpha * x));
  return select(beta * log(max(x, 0.0) + 1.0 + 1e-5) + 0.5, e / (1.0 + e), x < 0.0);
}
