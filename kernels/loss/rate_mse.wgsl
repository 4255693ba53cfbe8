// Mean squared error between firing rates (counts / T) and their targets: a neuron's share of the
// sample's loss, and the gradient of the batch's mean loss for each of its spikes.

override time_steps: f32;
override correct_rate: f32;    // the target of the label's neuron
override wrong_rate: f32;      // the target of the others
override loss_scale: f32;      // 1 / classes
override gradient_scale: f32;  // 2 / (batch * classes * T)

fn rate_error(count: u32, is_label: bool) -> f32 {
  // Exact where the rate is the target, which a division need not be on a GPU.
#if lengths
  return (f32(count) - own_steps * select(wrong_rate, correct_rate, is_label)) / own_steps;
#else
  return (f32(count) - time_steps * select(wrong_rate, correct_rate, is_label)) / time_steps;
#end
}

fn neuron_loss(count: u32, is_label: bool) -> f32 {
  let error = rate_error(count, is_label);
  return error * error * loss_scale;
}

fn spike_gradient(count: u32, is_label: bool) -> f32 {
#if lengths
  return rate_error(count, is_label) * gradient_scale * (time_steps / own_steps);
#else
  return rate_error(count, is_label) * gradient_scale;
#end
}
