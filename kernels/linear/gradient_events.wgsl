// Gradient of a Linear layer's parameters, its input being spike events:
// weight[feature][output] += current gradient [t][sample][output] over the t at which the feature spikes.
//
// A lane keeps the current gradients of one sample at a time in registers and adds into its own copy
// of the gradient: no atomics, no barrier, the same result in every run. The optimizer sums the copies.
// Spike bits become factors 0 or 2^r as in forward_events.wgsl; here the current gradients are scaled
// beforehand.

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override blocks: u32;
override parts: u32;       // lanes that share a sample's outputs
override quads: u32;       // ceil(T / 4)
override copies: u32;
override copy_stride: u32;  // parameters, rounded up to a multiple of 4

@group(0) @binding(0) var<storage, read> samples: array<Sample>;
@group(0) @binding(1) var<storage, read> events: array<u32>;             // [batch][capacity], the feature
@group(0) @binding(2) var<storage, read> spikes: array<vec4<u32>>;       // [batch][capacity][blocks]
@group(0) @binding(3) var<storage, read> current_gradient: array<vec4<f32>>;  // [quads][batch * outputs]
@group(0) @binding(4) var<storage, read_write> gradient: array<f32>;     // [copies][copy_stride]

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let copy = id.x / parts;
  let first = id.x % parts * ${own}u;
  if (copy >= copies) { return; }
  let start = copy * copy_stride + first;
#for o in 0..own
  var bias_${o} = 0.0;
#end
  for (var feature = 0u; feature < features; feature++) {
#for o in 0..own
#if exact
    gradient[start + feature * outputs + ${o}u] = 0.0;
#else
    if (first + ${o}u < outputs) { gradient[start + feature * outputs + ${o}u] = 0.0; }
#end
#end
  }
  for (var sample = copy; sample < batch; sample += copies) {
    let count = samples[sample].events;
    for (var block = 0u; block < blocks; block++) {
#for q in 0..block_quads
      // The last block may reach past T: no spike is set there.
      let row_${q} = (min(block * ${block_quads}u + ${q}u, quads - 1u) * batch + sample) * outputs;
#for o in 0..own
      let quad_${q}_${o} = current_gradient[row_${q} + min(first + ${o}u, outputs - 1u)];
#if bias
      bias_${o} += select(0.0, dot(quad_${q}_${o}, vec4<f32>(1.0)), block * ${block_quads}u + ${q}u < quads);
#end
#for t in 4 * q..4 * q + 4
#let bit = t % word_steps
      let scaled_${t}_${o} = quad_${q}_${o}[${t % 4}] * (${1 - 2 * (bit == 31)}.0 / f32(1u << ${bit}u));
#end
#end
#end
      for (var i = 0u; i < count; i++) {
        let word = spikes[(sample * capacity + i) * blocks + block];
        let at = start + events[sample * capacity + i] * outputs;
#for o in 0..own
        var sum_${o} = 0.0;
#end
#for q in 0..block_quads
#for t in 4 * q..4 * q + 4
#if t < block_steps
        let factor_${t} = f32(bitcast<i32>(word[${t / word_steps}] & (1u << ${t % word_steps}u)));
#else
        let factor_${t} = 0.0;
#end
#end
#let t = 4 * q
#for o in 0..own
        sum_${o} += (scaled_${t}_${o} * factor_${t} + scaled_${t + 1}_${o} * factor_${t + 1})
            + (scaled_${t + 2}_${o} * factor_${t + 2} + scaled_${t + 3}_${o} * factor_${t + 3});
#end
#end
#for o in 0..own
        // The select keeps the sum out of the guarded, lane-by-lane store: without it LLVM sinks it there.
#if exact
        gradient[at + ${o}u] += select(0.0, sum_${o}, i < count);
#else
        if (first + ${o}u < outputs) { gradient[at + ${o}u] += select(0.0, sum_${o}, i < count); }
#end
#end
      }
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
