// Linear layer on spike events: current[t][sample][output] = bias + sum of the weights of the
// features that spike at t.
//
// A lane computes `own` outputs of one sample for one block of time steps, all in registers. A spike
// bit becomes a factor 0 or 2^r, r its place in the word (cheaper than to shift it down); the sum is
// scaled back at the end, which is exact.

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override blocks: u32;
override parts: u32;       // lanes that share a sample's outputs
override quads: u32;       // ceil(T / 4)

@group(0) @binding(1) var<storage, read> samples: array<Sample>;
@group(0) @binding(2) var<storage, read> events: array<vec4<u32>>;       // [batch][capacity / 4], the feature
@group(0) @binding(3) var<storage, read> spikes: array<vec4<u32>>;       // [batch][capacity][blocks]
@group(0) @binding(4) var<storage, read_write> current: array<vec4<f32>>;  // [quads][batch * outputs]

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let sample = id.x / parts;
  let first = id.x % parts * ${own}u;
  let block = id.y;
  if (sample >= batch) { return; }
#for t in 0..block_steps
#for o in 0..own
  var sum_${t}_${o} = 0.0;
#end
#end
  let groups = (samples[sample].events + 3u) / 4u;
  for (var group = 0u; group < groups; group++) {
    let feature = events[sample * (capacity / 4u) + group];
#for e in 0..4
    let row_${e} = feature[${e}] * outputs + first;
    let word_${e} = spikes[(sample * capacity + group * 4u + ${e}u) * blocks + block];
#for o in 0..own
    let weight_${e}_${o} = parameter(row_${e} + ${o}u);
#end
#end
#for t in 0..block_steps
#let word = t / word_steps
#for e in 0..4
    let factor_${e}_${t} = f32(bitcast<i32>(word_${e}[${word}] & (1u << ${t % word_steps}u)));
#end
#for o in 0..own
    sum_${t}_${o} += weight_0_${o} * factor_0_${t} + weight_1_${o} * factor_1_${t}
        + weight_2_${o} * factor_2_${t} + weight_3_${o} * factor_3_${t};
#end
#end
  }
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
      current[((block * ${block_quads}u + ${q}u) * batch + sample) * outputs + first + ${o}u] = vec4<f32>(
#for t in 4 * q..4 * q + 4
#if t < block_steps
#let bit = t % word_steps
        sum_${t}_${o} * (${1 - 2 * (bit == 31)}.0 / f32(1u << ${bit}u)) + bias,
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
