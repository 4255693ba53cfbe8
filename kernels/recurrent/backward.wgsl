// The reverse of forward, from the last time step to the first: a neuron's spike at t changed what charged
// all others at t + 1. The gradient of what charges the neurons, which is that of the current, is written
// over `total`.
//
// What is declared elsewhere: State, prepare, charge, its derivatives and those of the reset and, for each
// gradient K of the state, outer_K_at and add_outer_K (src/neurons/pair/).

#include lib/quads
#include linear/parameters

override batch: u32;
override features: u32;  // neurons of a sample

#binding var<storage, read_write> total: array<vec4<f32>>;     // dense
#binding var<storage, read> states: array<State>;              // before each step, [T][batch][features]
#binding var<storage, read_write> state_gradients: array<State>;  // [batch][features]
#if dense_output_gradient
#reads output_gradient: vec4<f32>;                             // dense
#end
#if constant_output_gradient
#reads output_gradient: f32;                                   // [batch][features], the same at each t
#end
#if learned > 0
#binding var<storage, read_write> shares: array<f32>;          // [learned][batch][features]
#end

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let sample = id.x + id.y * groups.x * ${lanes}u;
  if (sample >= batch) { return; }
  let neurons = batch * features;
  let first = sample * features;
  for (var left = ${steps}u; left > 0u; left--) {
    let t = left - 1u;
    let last = left == ${steps}u;
    for (var i = 0u; i < features; i++) {
      let n = first + i;
      prepare(n);
      let at = quad_at(t >> 2u, n);
#if dense_output_gradient
      var gs = output_gradient_at(at)[t & 3u];
#else
#if constant_output_gradient
      var gs = output_gradient_at(n);
#else
      var gs = 0.0;
#end
#end
      var gv = State();
      if (!last) {
        for (var k = 0u; k < features; k++) {
          gs += parameter(i * features + k) * total[quad_at(left >> 2u, first + k)][left & 3u];
        }
        gv = state_gradients[n];
      }
#for k in 0..outers
      gv = add_outer_${k}(gv, outer_${k}_at(at)[t & 3u]);
#end
      let s = states[t * neurons + n];
      let x = total[at][t & 3u];
      let gh = fire_gradient(charge(s, x), gs, gv);
      total[at][t & 3u] = input_gradient(gh, s, x);
      state_gradients[n] = state_gradient(gh, s, x);
#for k in 0..learned
      let share_${k} = learned_gradient_${k}(gh, s, x);
      if (last) {
        shares[${k}u * neurons + n] = share_${k};
      } else {
        shares[${k}u * neurons + n] += share_${k};
      }
#end
    }
  }
}
