// Linear layer on spike events: current[t][sample][output] = bias + sum of the weights of the
// features that spike at t. A lane computes `own` outputs of one sample for one block of time steps.

#include lib/batch
#include lib/events
#include lib/quads
#include linear/parameters
#include linear/spike_factor

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override blocks: u32;
override parts: u32;       // lanes that share a sample's outputs
override quads: u32;       // ceil(T / 4)

#binding var<storage, read> samples: array<Sample>;
#texels entries;
#texels spikes;
#binding var<storage, read_write> current: array<vec4<f32>>;  // dense, of batch * outputs numbers

#include linear/sum_events

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let sample = id.x / parts;
  let first = id.x % parts * ${own}u;
  let block = id.y;
  if (sample >= batch) { return; }
  let record = samples[sample];
  sum_events(record, sample, block, first);
#for o in 0..own
#if exact
  {
#else
  if (first + ${o}u < outputs) {
#end
#if bias
    let bias = parameter(features * outputs + first + ${o}u);
#else
    let bias = 0.0;
#end
#for q in 0..block_quads
    if (block * ${block_quads}u + ${q}u < quads) {
      current[quad_at(block * ${block_quads}u + ${q}u, sample * outputs + first + ${o}u)] = vec4<f32>(
#for t in 4 * q..4 * q + 4
#if t < block_steps
        sum_${t}_${o} * UNIT_${t % word_steps} + bias,
#else
        0.0,
#end
#end
      );
    }
#end
  }
#end
}
