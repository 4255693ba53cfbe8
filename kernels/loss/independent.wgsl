// The loss of a sample where each neuron's share, `neuron_loss`, follows from its own spikes only.

#binding var<storage, read_write> gradients: array<f32>;   // [batch][classes], the same at each t

fn sample_loss(first: u32, label: u32, live: bool) -> f32 {
  var loss = 0.0;
  for (var c = 0u; c < classes; c++) {
    let count = counts[first + c];
    loss += neuron_loss(count, c == label);
    gradients[first + c] = select(0.0, spike_gradient(count, c == label), live);
  }
  return loss;
}
