// Adds the spikes of a step's samples to what each neuron of a layer has fired so far. A lane takes some
// of the samples of a neuron: integers add up to the same in any order.

#include lib/batch
#if heard && lengths
#include lib/lengths
#end

override batch: u32;
override features: u32;

#binding var<uniform> step: Step;
#binding var<storage, read> counts: array<u32>;                    // [batch][features], spikes over T
#binding var<storage, read_write> spike_sums: array<atomic<u32>>;  // [features]
#if heard
#binding var<storage, read> spikes: array<u32>;                    // without those of the last step
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let feature = i % features;
  let first = i / features * ${lane_samples}u;
  var sum = 0u;
  for (var k = 0u; k < ${lane_samples}u; k++) {
    let sample = min(first + k, batch - 1u);
    var fired = counts[sample * features + feature];
#if heard
#if lengths
    let last = lengths[sample] - 1u;
    fired -= (spikes[(last >> 5u) * batch * features + sample * features + feature] >> (last & 31u)) & 1u;
#else
    fired -= (spikes[${last_word}u * batch * features + sample * features + feature] >> ${last_bit}u) & 1u;
#end
#end
    sum += select(0u, fired, first + k < step.samples);
  }
  if (first < step.samples) { atomicAdd(&spike_sums[feature], sum); }
}
