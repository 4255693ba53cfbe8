// A time step of neurons that hear each other. What charges neuron n at time t is
//   total[t][n] = current[t][n] + bias[n] + sum of weight[m][n] over the neurons m that fired at t - 1
// The plain way, for layers of any size and any number of time steps: a lane simulates one neuron, states are in
// memory, and each time step is a dispatch.
//
// What is declared elsewhere: State, first_state, prepare, charged, reset (src/neurons/pair/).

#include lib/quads
#if lengths
#include lib/lengths
#end
#include linear/parameters

override batch: u32;
override features: u32;  // neurons of a sample

#binding var<uniform> time: u32;                             // t
#if constant_current
#binding var<storage, read> current: array<f32>;             // [batch][features], the same at each t
#else
#binding var<storage, read> current: array<f32>;             // dense
#end
#if keeps
#binding var<storage, read_write> total: array<f32>;         // dense, 0 past T
#end
#binding var<storage, read_write> states: array<State>;      // before each step, [T][batch][features]; now only: [1]
#binding var<storage, read_write> spikes: array<u32>;        // [ceil(T / 32)][batch][features], one bit a step
#binding var<storage, read_write> counts: array<u32>;        // [batch][features], spikes over T

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  let neurons = batch * features;
  if (n >= neurons) { return; }
  let t = time;
  let i = n % features;
  prepare(n);
  let at = 4u * quad_at(t >> 2u, n) + (t & 3u);
#if constant_current
  var x = current[n];
#else
  var x = current[at];
#end
#if bias
  x += parameter(features * features + i);
#end
  var heard = 0.0;
  if (t > 0u) {
    let bit = (t - 1u) & 31u;
    // Another lane may set the bit of this step meanwhile: that of the last one stays.
    let words = ((t - 1u) >> 5u) * neurons + n - i;
    for (var m = 0u; m < features; m++) {
      heard += parameter(m * features + i) * f32((spikes[words + m] >> bit) & 1u);
    }
  }
  x += heard;
#if keeps
  total[at] = x;
  let now = t * neurons + n;
  let next = now + neurons;
#else
  let now = n;
  let next = n;
#end
  if (t == 0u) {
    states[now] = first_state(n);
    counts[n] = 0u;
  }
  let h = charged(states[now], x);
#if lengths
  let spike = select(0u, 1u, spikes_at(h) & (t < lengths[n / features]));
#else
  let spike = select(0u, 1u, spikes_at(h));
#end
  if (t + 1u < ${steps}u) { states[next] = reset(h); }
  let word = (t >> 5u) * neurons + n;
  spikes[word] = select(spikes[word], 0u, (t & 31u) == 0u) | (spike << (t & 31u));
  counts[n] += spike;
}
