// Softmax cross-entropy of each time step: the share of four time steps in the sample's loss, and the
// gradient of the batch's mean loss for each class at each of them. A lane has four time steps of a sample.
// Other texts declare x_quad(sample, c, quad), which reads class c at time steps 4 quad ... 4 quad + 3, and,
// where the program learns, store_gradient(sample, c, quad, gradient). The largest of a time step is
// subtracted from all, so no exponential is more than 1. Losses and gradients of empty samples and past T
// are 0.

#include lib/batch
#if lengths
#include lib/lengths
#end

override batch: u32;
override classes: u32;
override time_steps: u32;
override quads: u32;           // ceil(T / 4)

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#binding var<storage, read_write> losses: array<f32>;          // [batch][quads]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let lane = id.x + id.y * groups.x * 64u;
  if (lane >= batch * quads) { return; }
  let sample = lane / quads;
  let quad = lane % quads;
  let label = samples[sample].label;
#if lengths
  let own_steps = lengths[sample];
#else
  let own_steps = time_steps;
#end
  let live_steps = select(0u, own_steps, sample < step.samples);
  let live = 4u * quad + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(live_steps);
  let scale = select(vec4<f32>(0.0), vec4<f32>(1.0 / f32(own_steps)), live);

  // What is past a sample's end may be anything.
  var most = select(vec4<f32>(0.0), x_quad(sample, 0u, quad), live);
  for (var c = 1u; c < classes; c++) {
    most = max(most, select(most, x_quad(sample, c, quad), live));
  }
  var sum = vec4<f32>(0.0);
  var of_label = vec4<f32>(0.0);
  for (var c = 0u; c < classes; c++) {
    let logit = select(vec4<f32>(0.0), x_quad(sample, c, quad) - most, live);
    sum += exp(logit);
    of_label = select(of_label, logit, c == label);
  }
  losses[lane] = dot(log(sum) - of_label, scale);
#if learns
  for (var c = 0u; c < classes; c++) {
    let logit = select(vec4<f32>(0.0), x_quad(sample, c, quad) - most, live);
    let probability = exp(logit) / sum;
    let gradient = probability - select(0.0, 1.0, c == label);
    store_gradient(sample, c, quad, gradient * scale / f32(batch));
  }
#end
}
