// The reverse of forward.wgsl: from the gradients of the spikes and of the potentials, the gradient of
// the current, written over the current. The potentials h are rebuilt segment by segment into
// registers, the last segment first; then the recursion runs from its last time step to its first.

#include lib/quads
#include lib/slice

override neurons: u32;

#if constant_current
#updates current: f32;                                        // [neurons]; its gradient is that of all t
#else
#updates current: vec4<f32>;                                  // dense
#end
#if stored_initial
#binding var<storage, read> initial_state: array<State>;      // [neurons], before the first step
#end
#if dense_spike_gradient
#reads spike_gradient: vec4<f32>;                             // dense
#end
#if constant_spike_gradient
#reads spike_gradient: f32;                                   // [neurons], the same at each t
#end
#if v_gradient
#reads v_gradient: vec4<f32>;                                 // dense
#end
#if constant_v_gradient
#reads v_gradient: f32;                                       // [neurons], the same at each t
#end
#if segments > 1
#binding var<storage, read> checkpoints: array<State>;        // [segments - 1][neurons]
#end
#if initial_gradient
#binding var<storage, read_write> initial_gradient: array<State>;  // [neurons]
#end
#if learned > 0
#binding var<storage, read_write> shares: array<f32>;         // [learned][neurons], of learned constants' gradients
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;  // of the slice
  let n = slice_first() + i;
  if (n >= slice_end()) { return; }
  prepare(n);
  var gv = State();
#if constant_spike_gradient
  let gs = vec4<f32>(spike_gradient_at(n));
#end
#if constant_v_gradient
  let outer = vec4<f32>(v_gradient_at(n));
#end
#for k in 0..learned
  var share_${k} = 0.0;
#end
#if constant_current
  let x = vec4<f32>(current_at(n));
  var total = vec4<f32>(0.0);
#end
#if segments == 1
  let segment = 0u;
  {
#else
  for (var left = ${segments}u; left > 0u; left--) {
    let segment = left - 1u;
#end
#if stored_initial
    var v = initial_state[n];
#else
    var v = first_state();
#end
#if segments > 1
    if (segment > 0u) { v = checkpoints[(segment - 1u) * neurons + n]; }
#end
    let first_quad = segment * ${segment_quads}u;
#for q in 0..segment_quads
#if ragged
    let quad_${q} = min(first_quad + ${q}u, ${quads - 1}u);
#else
    let quad_${q} = first_quad + ${q}u;
#end
    let at_${q} = quad_at(quad_${q}, i);
#if constant_current
    let x_${q} = x;
#else
    let x_${q} = current_at(at_${q});
#end
#for t in 4 * q..4 * q + 4
#if learned > 0
    let before_${t} = v;
#end
    let h_${t} = charge(v, x_${q}[${t % 4}]);
    v = after_reset(h_${t});
#end
#end
#for back in 0..segment_quads
#let q = segment_quads - 1 - back
    var gx_${q} = vec4<f32>(0.0);
    {
#if dense_spike_gradient
      let gs = spike_gradient_at(at_${q});
#end
#if !dense_spike_gradient && !constant_spike_gradient
      var gs = vec4<f32>(0.0);
#end
#if v_gradient
      let outer = v_gradient_at(at_${q});
#end
#for back_i in 0..4
#let i = 3 - back_i
#let t = 4 * q + i
#if ragged
      {
        let live = first_quad * 4u + ${t}u < ${steps}u;
#if v_gradient || constant_v_gradient
        gv = with_potential(gv, potential_of(gv) + select(0.0, outer[${i}], live));
#end
        let gh = select(State(), before_reset(h_${t}, gs[${i}], gv), live);
        gx_${q}[${i}] = input_gradient(gh);
        gv = state_gradient(gh);
#for k in 0..learned
        share_${k} += learned_gradient_${k}(gh, before_${t}, x_${q}[${i}]);
#end
      }
#else
#if t < steps
      {
#if v_gradient || constant_v_gradient
        gv = with_potential(gv, potential_of(gv) + outer[${i}]);
#end
        let gh = before_reset(h_${t}, gs[${i}], gv);
        gx_${q}[${i}] = input_gradient(gh);
        gv = state_gradient(gh);
#for k in 0..learned
        share_${k} += learned_gradient_${k}(gh, before_${t}, x_${q}[${i}]);
#end
      }
#end
#end
#end
#if constant_current
      total += gx_${q};
#end
    }
#end
#if !constant_current
    // In the order of memory, which the processor expects.
#for q in 0..segment_quads
#if ragged
    if (first_quad + ${q}u < ${quads}u) { current[quad_at(quad_${q}, n)] = gx_${q}; }
#else
    current[quad_at(quad_${q}, n)] = gx_${q};
#end
#end
#end
  }
#if constant_current
  current[n] = (total.x + total.y) + (total.z + total.w);
#end
#if initial_gradient
  initial_gradient[n] = gv;
#end
#for k in 0..learned
  shares[${k}u * neurons + n] = share_${k};
#end
}
