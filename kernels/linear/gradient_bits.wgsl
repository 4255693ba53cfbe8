// Gradient of a Linear layer's parameters, its input being spike events that are few:
// weight[feature][output] += current gradient [t][sample][output] over the t at which the feature spikes.
//
// A lane adds into its own copy of the gradient, sample after sample: no atomics, no barrier, the same
// result in every run. Each spike costs it `own` numbers read. The optimizer sums the copies.

#include lib/batch
#include lib/events
#include lib/quads

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override blocks: u32;
override parts: u32;        // lanes that share a sample's outputs
override copies: u32;
override copy_stride: u32;  // parameters, rounded up to a multiple of 4

#binding var<storage, read> samples: array<Sample>;
#binding var entries: texture_2d<u32>;
#binding var spikes: texture_2d<u32>;
#binding var<storage, read> current_gradient: array<f32>;  // dense, of batch * outputs numbers
#binding var<storage, read_write> gradient: array<f32>;    // [copies][copy_stride]

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let copy = id.x / parts;
  let first = id.x % parts * ${own}u;
  if (copy >= copies) { return; }
  let start = copy * copy_stride + first;
  for (var feature = 0u; feature < features; feature++) {
#for o in 0..own
#if exact
    gradient[start + feature * outputs + ${o}u] = 0.0;
#else
    if (first + ${o}u < outputs) { gradient[start + feature * outputs + ${o}u] = 0.0; }
#end
#end
  }
#for o in 0..own
  var bias_${o} = 0.0;
#end
  for (var sample = copy; sample < batch; sample += copies) {
    let record = samples[sample];
#for o in 0..own
    let number_${o} = 4u * quad_at(0u, sample * outputs + min(first + ${o}u, outputs - 1u));
#end
#if bias
    for (var t = 0u; t < ${steps}u; t++) {
#for o in 0..own
      bias_${o} += current_gradient[number_${o} + (t >> 2u) * 32u + (t & 3u)];
#end
    }
#end
    for (var i = 0u; i < record.events; i++) {
      let feature = textureLoad(entries, texel(record.first + (i >> 2u)), 0)[i & 3u] & 0xffffffu;
#for o in 0..own
      var total_${o} = 0.0;
#end
      for (var block = 0u; block < blocks; block++) {
        let four = textureLoad(spikes, texel((sample * capacity + i) * blocks + block), 0);
#for w in 0..words
        for (var bits = four[${w}]; bits != 0u; bits &= bits - 1u) {
          let t = (block * ${words}u + ${w}u) * ${word_steps}u + firstTrailingBit(bits);
          // A quad of eight numbers takes 32.
          let at = (t >> 2u) * 32u + (t & 3u);
#for o in 0..own
          total_${o} += current_gradient[number_${o} + at];
#end
        }
#end
      }
      let at = start + feature * outputs;
#for o in 0..own
#if exact
      gradient[at + ${o}u] += total_${o};
#else
      if (first + ${o}u < outputs) { gradient[at + ${o}u] += total_${o}; }
#end
#end
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
