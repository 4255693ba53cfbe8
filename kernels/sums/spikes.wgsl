// Adds the spikes of a step's samples to what each neuron of a layer has fired so far. A lane takes some
// of the samples of `own` neurons, four or one: integers add up to the same in any order.

#include lib/batch
#include lib/turns
#if heard && lengths
#include lib/lengths
#end

override batch: u32;
override groups_of_own: u32;  // neurons of a sample, by `own`

#if own == 4
alias Own = vec4<u32>;
#else
alias Own = u32;
#end

#binding var<uniform> step: Step;
#binding var<storage, read> counts: array<Own>;                    // [batch][neurons], spikes over T
#binding var<storage, read_write> spike_sums: array<atomic<u32>>;  // [neurons]
#if heard
#binding var<storage, read> spikes: array<Own>;                    // without those of the last step
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let at = i % groups_of_own;
  let first = i / groups_of_own * ${lane_samples}u;
  var sum = Own();
  for (var k = 0u; k < turns(${lane_samples}u, groups); k++) {
    let sample = min(first + k, batch - 1u);
    var fired = counts[sample * groups_of_own + at];
#if heard
#if lengths
    let last = lengths[sample] - 1u;
    let word = spikes[((last >> 5u) * batch + sample) * groups_of_own + at];
    fired -= (word >> (Own() + (last & 31u))) & (Own() + 1u);
#else
    fired -= (spikes[(${last_word}u * batch + sample) * groups_of_own + at] >> (Own() + ${last_bit}u)) & (Own() + 1u);
#end
#end
    sum += select(Own(), fired, first + k < step.samples);
  }
  if (first < step.samples) {
#if own == 4
#for o in 0..4
    atomicAdd(&spike_sums[4u * at + ${o}u], sum[${o}]);
#end
#else
    atomicAdd(&spike_sums[at], sum);
#end
  }
}
