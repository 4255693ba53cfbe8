// Mean squared error between firing rates (counts / T) and the one-hot label, and the gradient of
// the batch's mean loss for each spike: the same at each time step, so one number a neuron.
// One lane computes one sample.

override batch: u32;
override classes: u32;
override steps: u32;
override gradient_scale: f32;  // 2 / (batch * classes * T)

@group(0) @binding(0) var<storage, read> step: Step;
@group(0) @binding(1) var<storage, read> samples: array<Sample>;
@group(0) @binding(2) var<storage, read> counts: array<u32>;                // [batch][classes]
@group(0) @binding(3) var<storage, read_write> spike_gradient: array<f32>;  // [batch][classes]
@group(0) @binding(4) var<storage, read_write> losses: array<f32>;          // [batch]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let sample = id.x;
  if (sample >= batch) { return; }
  let empty = sample >= step.samples;
  let label = samples[sample].label;
  var loss = 0.0;
  for (var c = 0u; c < classes; c++) {
    let n = sample * classes + c;
    let target_rate = select(0.0, 1.0, c == label);
    let difference = select(f32(counts[n]) / f32(steps) - target_rate, 0.0, empty);
    spike_gradient[n] = difference * gradient_scale;
    loss += difference * difference;
  }
  losses[sample] = loss / f32(classes);
}
