// Stochastic gradient descent (torch.optim.SGD): updates the parameters and, with momentum, the mean
// of the gradients that it keeps.
// step.optimizer: x = learning rate, y = 1 in the first step, 0 after it.

#include optimizer/gradient

override weight_decay: f32;
#if momentum
override momentum: f32;
override one_minus_dampening: f32;

#updates velocity: vec4<f32>;  // [quads]
#end

// `summed` is the gradient of quad i.
fn update(i: u32, summed: vec4<f32>) {
  let p = parameters_at(i);
  let g = summed + weight_decay * p;
#if momentum
  // The first gradient is kept whole: no dampening.
  let b = select(momentum * velocity_at(i) + one_minus_dampening * g, g, step.optimizer.y == 1.0);
  velocity[i] = b;
#if nesterov
  let direction = g + momentum * b;
#else
  let direction = b;
#end
#else
  let direction = g;
#end
  parameters[i] = p - step.optimizer.x * direction;
}
