// Adam (Kingma and Ba, 2015; torch.optim.Adam) and, where decoupled, AdamW (Loshchilov and Hutter,
// 2019; torch.optim.AdamW): updates the parameters and the two moments.
// step.optimizer: x = learning rate / (1 - beta1^n), y = 1 / sqrt(1 - beta2^n), n the step from 1;
// z = learning rate * weight decay, where decoupled.

#include optimizer/gradient

override beta1: f32;
override beta2: f32;
override one_minus_beta1: f32;  // not from the rounded beta, which would lose half of the digits
override one_minus_beta2: f32;
override epsilon: f32;
#if !decoupled
override weight_decay: f32;
#end

#updates first_moment: vec4<f32>;   // [quads]
#updates second_moment: vec4<f32>;  // [quads]

// `summed` is the gradient of quad i.
fn update(i: u32, summed: vec4<f32>) {
  let p = parameters_at(i);
#if decoupled
  let g = summed;
  let decayed = p - step.optimizer.z * p;
#else
  let g = summed + weight_decay * p;
  let decayed = p;
#end
  let m = beta1 * first_moment_at(i) + one_minus_beta1 * g;
  let v = beta2 * second_moment_at(i) + one_minus_beta2 * g * g;
  first_moment[i] = m;
  second_moment[i] = v;
  parameters[i] = decayed - step.optimizer.x * m / (sqrt(v) * step.optimizer.y + epsilon);
}
