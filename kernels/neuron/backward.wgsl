// The reverse of forward.wgsl: from the gradients of the output (spikes, or potentials of neurons that
// don't fire) and of the state after each step, the gradient of the current, written over the current.
// The states h are rebuilt segment by segment into registers, the last segment first, where a derivative
// needs them; then the recursion runs from its last time step to its first.
//
// What is declared elsewhere: State, first_state, prepare, charged, reset, their derivatives and, for
// each gradient K of the state, outer_K_at and add_outer_K (src/neurons/pair/).

#include lib/quads
#include lib/slice
#if lengths
#include lib/lengths
#end

override neurons: u32;

#if rebuilds
#if constant_current
#updates current: f32;                                        // [neurons]; its gradient is that of all t
#else
#updates current: vec4<f32>;                                  // dense
#end
#else
#if constant_current
#binding var<storage, read_write> current: array<f32>;        // the gradient only
#else
#binding var<storage, read_write> current: array<vec4<f32>>;
#end
#end
#if dense_output_gradient
#reads output_gradient: vec4<f32>;                            // dense
#end
#if constant_output_gradient
#reads output_gradient: f32;                                  // [neurons], the same at each t
#end
#if checkpoints || keep_state
#binding var<storage, read> checkpoints: array<State>;        // [segments - 1][neurons], as forward keeps them
#end
#if feedback && segments > 1
#binding var<storage, read> spikes: array<u32>;               // [ceil(T / 32)][neurons]
#end
#if initial_gradient
#binding var<storage, read_write> initial_gradient: array<State>;  // [neurons]
#end
#if learned > 0
#binding var<storage, read_write> shares: array<f32>;         // [learned][neurons], each neuron's share
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;  // of the slice
  let n = slice_first() + i;
  if (n >= slice_end()) { return; }
  prepare(n);
#if lengths
  let own_steps = lengths[n / ${sample_neurons}u];
#end
  var gv = State();
#if feedback
  var heard_gradient = 0.0;  // of the own spike, by what it added at the next step
#end
#if constant_output_gradient
  let gs = vec4<f32>(output_gradient_at(n));
#end
#for k in 0..learned
  var share_${k} = 0.0;
#end
#if constant_current
#if rebuilds
  let x = vec4<f32>(current_at(n));
#end
  var total = vec4<f32>(0.0);
#end
#if segments == 1
  let segment = 0u;
  {
#else
  for (var left = ${segments}u; left > 0u; left--) {
    let segment = left - 1u;
#end
#if rebuilds
    var v = first_state(n);
#end
#if checkpoints
    if (segment > 0u) { v = checkpoints[(segment - ${1 - keep_state}u) * neurons + n]; }
#end
    let first_quad = segment * ${segment_quads}u;
#if feedback
    var heard = 0.0;
#if segments > 1
    if (segment > 0u) {
      let t = 4u * first_quad - 1u;
      heard = f32((spikes[(t >> 5u) * neurons + n] >> (t & 31u)) & 1u);
    }
#end
#end
#for q in 0..segment_quads
#if ragged
    let quad_${q} = min(first_quad + ${q}u, ${quads - 1}u);
#else
    let quad_${q} = first_quad + ${q}u;
#end
    let at_${q} = quad_at(quad_${q}, i);
#if rebuilds
#if constant_current
    let x_${q} = x;
#else
    let x_${q} = current_at(at_${q});
#end
#for t in 4 * q..4 * q + 4
#if remembers
    let before_${t} = v;
#end
#if feedback
    let total_${t} = x_${q}[${t % 4}] + heard;
    let h_${t} = charged(v, total_${t});
    heard = select(0.0, 1.0, spikes_at(h_${t}));
#else
    let h_${t} = charged(v, x_${q}[${t % 4}]);
#end
#if fires
    v = reset(h_${t});
#else
    v = h_${t};
#end
#end
#end
#end
#for back in 0..segment_quads
#let q = segment_quads - 1 - back
    var gx_${q} = vec4<f32>(0.0);
    {
#if dense_output_gradient
      let gs = output_gradient_at(at_${q});
#end
#if !dense_output_gradient && !constant_output_gradient
      var gs = vec4<f32>(0.0);
#end
#for k in 0..outers
      let outer_${k} = outer_${k}_at(at_${q});
#end
#for back_i in 0..4
#let i = 3 - back_i
#let t = 4 * q + i
#if ragged || t < steps
      {
#if ragged
#if lengths
        let live = first_quad * 4u + ${t}u < own_steps;
#else
        let live = first_quad * 4u + ${t}u < ${steps}u;
#end
#for k in 0..outers
        gv = add_outer_${k}(gv, select(0.0, outer_${k}[${i}], live));
#end
#if fires
#if feedback
        let gh = select(State(), fire_gradient(h_${t}, gs[${i}] + heard_gradient, gv), live);
#else
        let gh = select(State(), fire_gradient(h_${t}, gs[${i}], gv), live);
#end
#else
        let gh = select(State(), add_output(gv, gs[${i}]), live);
#end
#else
#for k in 0..outers
        gv = add_outer_${k}(gv, outer_${k}[${i}]);
#end
#if fires
#if feedback
        let gh = fire_gradient(h_${t}, gs[${i}] + heard_gradient, gv);
#else
        let gh = fire_gradient(h_${t}, gs[${i}], gv);
#end
#else
        let gh = add_output(gv, gs[${i}]);
#end
#end
#if remembers
        let s = before_${t};
#if feedback
        let x = total_${t};
#else
        let x = x_${q}[${i}];
#end
        gx_${q}[${i}] = input_gradient(gh, s, x);
        gv = state_gradient(gh, s, x);
#for k in 0..learned
        share_${k} += learned_gradient_${k}(gh, s, x);
#end
#else
        gx_${q}[${i}] = input_gradient(gh, State(), 0.0);
        gv = state_gradient(gh, State(), 0.0);
#end
#if feedback
        heard_gradient = gx_${q}[${i}];
#end
      }
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
