// The loss of a sample from each neuron's share in it, which another kernel has computed.

#binding var<storage, read> losses: array<f32>;                // [batch][classes]

fn sample_loss(first: u32, label: u32) -> f32 {
  var loss = 0.0;
  for (var c = 0u; c < classes; c++) { loss += losses[first + c]; }
  return loss;
}
