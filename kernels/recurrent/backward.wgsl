// The reverse of forward, a time step a dispatch, the last one first: a neuron's spike at t changed what charged
// all others at t + 1. The gradient of what charges the neurons, which is that of the current, is written
// over `total`.
//
// What is declared elsewhere: State, prepare, charged, its derivatives and those of the reset and, for each
// gradient K of the state, outer_K_at and add_outer_K (src/neurons/pair/).

#include lib/quads
#if lengths
#include lib/lengths
#end
#include linear/parameters

override batch: u32;
override features: u32;  // neurons of a sample

#binding var<uniform> time: u32;                               // t
#binding var<storage, read_write> total: array<f32>;           // dense
#binding var<storage, read> states: array<State>;              // before each step, [T][batch][features]
#binding var<storage, read_write> state_gradients: array<State>;  // [batch][features]
#if dense_output_gradient
#binding var<storage, read> output_gradient: array<f32>;       // dense
#end
#if constant_output_gradient
#binding var<storage, read> output_gradient: array<f32>;       // [batch][features], the same at each t
#end
#if learned > 0
#binding var<storage, read_write> shares: array<f32>;          // [learned][batch][features]
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  let neurons = batch * features;
  if (n >= neurons) { return; }
  let t = time;
  let i = n % features;
  let last = t + 1u == ${steps}u;
  prepare(n);
  let at = 4u * quad_at(t >> 2u, n) + (t & 3u);
#if dense_output_gradient
  var gs = output_gradient[at];
#else
#if constant_output_gradient
  var gs = output_gradient[n];
#else
  var gs = 0.0;
#end
#end
  var gv = State();
  if (!last) {
    for (var k = 0u; k < features; k++) {
      gs += parameter(i * features + k) * total[4u * quad_at((t + 1u) >> 2u, n - i + k) + ((t + 1u) & 3u)];
    }
    gv = state_gradients[n];
  }
#for k in 0..outers
  gv = add_outer_${k}(gv, outer_${k}_at(quad_at(t >> 2u, n))[t & 3u]);
#end
  let s = states[t * neurons + n];
  let x = total[at];
#if lengths
  let gh = select(State(), fire_gradient(charged(s, x), gs, gv), t < lengths[n / features]);
#else
  let gh = fire_gradient(charged(s, x), gs, gv);
#end
  total[at] = input_gradient(gh, s, x);
  state_gradients[n] = state_gradient(gh, s, x);
#for k in 0..learned
  let share_${k} = learned_gradient_${k}(gh, s, x);
  shares[${k}u * neurons + n] = share_${k} + select(shares[${k}u * neurons + n], 0.0, last);
#end
}
