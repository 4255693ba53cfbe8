// The loss of a sample from its shares, which another kernel has computed: of neurons, or of time steps.

override shares: u32;  // of a sample

#binding var<storage, read> losses: array<f32>;                // [batch][shares]

fn sample_loss(first: u32, label: u32) -> f32 {
  let own = first / classes * shares;
  var loss = 0.0;
  for (var i = 0u; i < shares; i++) { loss += losses[own + i]; }
  return loss;
}
