// The loss of a sample where each neuron's share, `neuron_loss`, follows from its own spikes only.

fn sample_loss(first: u32, label: u32) -> f32 {
  var loss = 0.0;
  for (var c = 0u; c < classes; c++) {
    let count = counts[first + c];
    loss += neuron_loss(count, c == label);
    set_gradient(first + c, spike_gradient(count, c == label));
  }
  return loss;
}
