// Gradient of a Linear layer's parameters, its input being spike events:
// weight[feature][output] += current gradient [t][sample][output] over the t at which the feature spikes.
//
// A lane keeps the current gradients of one sample at a time in registers and adds into its own copy
// of the gradient: no atomics, no barrier, the same result in every run. The optimizer sums the copies.

#include lib/batch
#include lib/events
#include lib/quads
#include lib/turns
#include linear/spike_factor

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override blocks: u32;
override parts: u32;       // lanes that share a sample's outputs
override quads: u32;       // ceil(T / 4)
override copies: u32;
override copy_stride: u32;  // parameters, rounded up to a multiple of 4

#binding var<storage, read> samples: array<Sample>;
#texels entries;
#texels spikes;
#binding var<storage, read> current_gradient: array<vec4<f32>>;  // dense, of batch * outputs numbers
#binding var<storage, read_write> gradient: array<f32>;          // [copies][copy_stride]

@compute @workgroup_size(${lanes})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let copy = id.x / parts;
  let first = id.x % parts * ${own}u;
  if (copy >= copies) { return; }
  let start = copy * copy_stride + first;
#for o in 0..own
  var bias_${o} = 0.0;
#end
  for (var feature = 0u; feature < turns(features, workgroups); feature++) {
#for o in 0..own
#if exact
    gradient[start + feature * outputs + ${o}u] = 0.0;
#else
    if (first + ${o}u < outputs) { gradient[start + feature * outputs + ${o}u] = 0.0; }
#end
#end
  }
  for (var sample = copy; sample < batch; sample += copies) {
    let record = samples[sample];
    let count = record.events;
    for (var block = 0u; block < blocks; block++) {
#for q in 0..block_quads
      // The last block may reach past T: no spike is set there.
      let quad_${q} = min(block * ${block_quads}u + ${q}u, quads - 1u);
#for o in 0..own
      let quad_${q}_${o} = current_gradient[quad_at(quad_${q}, sample * outputs + min(first + ${o}u, outputs - 1u))];
#if bias
      bias_${o} += select(0.0, dot(quad_${q}_${o}, vec4<f32>(1.0)), block * ${block_quads}u + ${q}u < quads);
#end
      let scaled_${q}_${o} = quad_${q}_${o} * vec4<f32>(
#for t in 4 * q..4 * q + 4
        UNIT_${t % word_steps},
#end
      );
#end
#end
#include linear/scatter_events
    }
  }
#if bias
#for o in 0..own
#if exact
  gradient[start + features * outputs + ${o}u] = bias_${o};
#else
  if (first + ${o}u < outputs) { gradient[start + features * outputs + ${o}u] = bias_${o}; }
#end
#end
#end
}
