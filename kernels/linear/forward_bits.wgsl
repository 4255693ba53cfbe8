// Linear layer on spike events that are few: current[t][sample][output] = bias + sum of the weights of the
// features that spike at t. A lane computes `own` outputs of one sample for one block of time steps; each
// spike costs it `own` additions, and each time step without any nothing.

#include lib/batch
#include lib/events
#include lib/quads
#include linear/parameters

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override blocks: u32;
override parts: u32;       // lanes that share a sample's outputs
override quads: u32;       // ceil(T / 4)

#binding var<storage, read> samples: array<Sample>;
#binding var entries: texture_2d<u32>;
#binding var spikes: texture_2d<u32>;
#binding var<storage, read_write> current: array<vec4<f32>>;  // dense, of batch * outputs numbers

#for o in 0..own
var<private> sum_${o}: array<f32, ${4 * block_quads}>;
#end

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let sample = id.x / parts;
  let first = id.x % parts * ${own}u;
  let block = id.y;
  if (sample >= batch) { return; }
  let record = samples[sample];
  for (var t = 0u; t < ${4 * block_quads}u; t++) {
#for o in 0..own
    sum_${o}[t] = 0.0;
#end
  }
  for (var i = 0u; i < record.events; i++) {
    let feature = textureLoad(entries, texel(record.first + (i >> 2u)), 0)[i & 3u] & 0xffffffu;
    let four = textureLoad(spikes, texel((sample * capacity + i) * blocks + block), 0);
#for o in 0..own
#if own % 4 == 0 && outputs % 4 == 0
#if o % 4 == 0
    let weights_${o / 4} = parameter_quad(feature * outputs + first + ${o}u);
#end
    let weight_${o} = weights_${o / 4}[${o % 4}];
#else
    let weight_${o} = parameter(feature * outputs + min(first + ${o}u, outputs - 1u));
#end
#end
#for w in 0..words
    for (var bits = four[${w}]; bits != 0u; bits &= bits - 1u) {
      let t = ${w * word_steps}u + firstTrailingBit(bits);
#for o in 0..own
      sum_${o}[t] += weight_${o};
#end
    }
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
    for (var q = 0u; q < min(${block_quads}u, quads - block * ${block_quads}u); q++) {
      current[quad_at(block * ${block_quads}u + q, sample * outputs + first + ${o}u)] = bias + vec4<f32>(
        sum_${o}[4u * q], sum_${o}[4u * q + 1u], sum_${o}[4u * q + 2u], sum_${o}[4u * q + 3u],
      );
    }
  }
#end
}
