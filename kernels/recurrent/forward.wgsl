// A layer of neurons that hear each other, over all T time steps. What charges neuron n at time t is
//   total[t][n] = current[t][n] + bias[n] + sum of weight[m][n] over the neurons m that fired at t - 1
// The plain way, for layers of any size: a lane simulates a sample, one neuron after the other, and their
// states are in memory.
//
// What is declared elsewhere: State, first_state, prepare, charge, reset (src/neurons/pair/).

#include lib/quads
#include linear/parameters

override batch: u32;
override features: u32;  // neurons of a sample

#if constant_current
#reads current: f32;                                         // [batch][features], the same at each t
#else
#reads current: vec4<f32>;                                   // dense
#end
#if keeps
#binding var<storage, read_write> total: array<vec4<f32>>;   // dense, 0 past T
#end
#binding var<storage, read_write> states: array<State>;      // before each step, [T][batch][features]; now only: [1]
#binding var<storage, read_write> fired: array<u32>;         // [2][words][batch]: who fires, who fired before
#binding var<storage, read_write> spikes: array<u32>;        // [ceil(T / 32)][batch][features], one bit a step
#binding var<storage, read_write> counts: array<u32>;        // [batch][features], spikes over T

const WORDS = ${words}u;  // of the neurons of a sample

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let sample = id.x + id.y * groups.x * ${lanes}u;
  if (sample >= batch) { return; }
  let neurons = batch * features;
  for (var t = 0u; t < ${steps}u; t++) {
    let now = (t & 1u) * WORDS * batch + sample;
    let before = (1u - (t & 1u)) * WORDS * batch + sample;
    var word = 0u;
    for (var i = 0u; i < features; i++) {
      let n = sample * features + i;
      prepare(n);
#if constant_current
      var x = current_at(n);
#else
      var x = current_at(quad_at(t >> 2u, n))[t & 3u];
#end
#if bias
      x += parameter(features * features + i);
#end
      if (t > 0u) {
        for (var w = 0u; w < WORDS; w++) {
          var left = fired[before + w * batch];
          while (left != 0u) {
            x += parameter((32u * w + firstTrailingBit(left)) * features + i);
            left &= left - 1u;
          }
        }
      }
#if keeps
      total[quad_at(t >> 2u, n)][t & 3u] = x;
      let at = t * neurons + n;
      let next = at + neurons;
#else
      let at = n;
      let next = at;
#end
      if (t == 0u) {
        states[at] = first_state(n);
        counts[n] = 0u;
      }
      let h = charge(states[at], x);
      let spike = select(0u, 1u, spikes_at(h));
      if (t + 1u < ${steps}u) { states[next] = reset(h); }
      let bits = (t >> 5u) * neurons + n;
      spikes[bits] = select(spikes[bits], 0u, (t & 31u) == 0u) | (spike << (t & 31u));
      counts[n] += spike;
      word |= spike << (i & 31u);
      if (((i & 31u) == 31u) | (i + 1u == features)) {
        fired[now + (i >> 5u) * batch] = word;
        word = 0u;
      }
    }
  }
}
