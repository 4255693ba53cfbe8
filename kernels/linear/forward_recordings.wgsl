// Linear layer on events of recordings: current[t][sample][output] = bias + sum of the weights of the places
// that have an event at t. A lane computes `own` outputs of one sample for `block_quads` quads of time steps:
// each event costs it `own` weights, and a time step without any nothing but its place in the current.

#include lib/batch
#include lib/recordings
#include lib/quads
#include linear/parameters

override batch: u32;
override features: u32;
override outputs: u32;
override parts: u32;        // lanes that share a sample's outputs
override quads: u32;        // ceil(T / 4)
override block_quads: u32;

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#texels events;
#binding var<storage, read_write> current: array<vec4<f32>>;  // dense, of batch * outputs numbers

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let sample = id.x / parts;
  let first = id.x % parts * ${own}u;
  if (sample >= batch) { return; }
  let row = samples[sample].row;
  let live = sample < step.samples;
#for o in 0..own
#if bias
  let bias_${o} = parameter(features * outputs + min(first + ${o}u, outputs - 1u));
#else
  let bias_${o} = 0.0;
#end
#end
  for (var q = id.y * block_quads; q < min((id.y + 1u) * block_quads, quads); q++) {
    let starts = events_texel(row + q);
    let ends = vec4<u32>(starts.yzw, events_texel(row + q + 1u).x);
#for t in 0..4
#for o in 0..own
    var sum_${t}_${o} = bias_${o};
#end
    for (var i = starts[${t}]; i < select(0u, ends[${t}], live); i++) {
      let places = events_texel(row + i);
#for e in 0..4
      let spikes_${e} = places[${e}] != NO_EVENT;
      let at_${e} = min(places[${e}], features - 1u) * outputs + first;
#for o in 0..own
#if own % 4 == 0 && outputs % 4 == 0
#if o % 4 == 0
      let weights_${e}_${o / 4} = parameter_quad(at_${e} + ${o}u);
#end
      let weight_${e}_${o} = select(0.0, weights_${e}_${o / 4}[${o % 4}], spikes_${e});
#else
      let weight_${e}_${o} = select(0.0, parameter(at_${e} + min(${o}u, outputs - 1u - first)), spikes_${e});
#end
#end
#end
#for o in 0..own
      sum_${t}_${o} += (weight_0_${o} + weight_1_${o}) + (weight_2_${o} + weight_3_${o});
#end
    }
#end
#for o in 0..own
#if exact
    {
#else
    if (first + ${o}u < outputs) {
#end
      current[quad_at(q, sample * outputs + first + ${o}u)] =
        vec4<f32>(sum_0_${o}, sum_1_${o}, sum_2_${o}, sum_3_${o});
    }
#end
  }
}
