// Adds the spikes of a step's samples to what each neuron of a layer has fired so far.

#include lib/batch

override features: u32;

#binding var<uniform> step: Step;
#binding var<storage, read> counts: array<u32>;           // [batch][features], spikes over T
#binding var<storage, read_write> spike_sums: array<u32>;  // [features]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let feature = id.x + id.y * groups.x * 64u;
  if (feature >= features) { return; }
  var sum = spike_sums[feature];
  for (var sample = 0u; sample < step.samples; sample++) {
    sum += counts[sample * features + feature];
  }
  spike_sums[feature] = sum;
}
