// The reverse of workgroup_forward, shared out in the same way. A neuron hears the gradients of all that it
// charged a time step later through memory; the samples of a lane are the components of vectors.
//
// What is declared elsewhere: State, prepare, charge, its derivatives and those of the reset and, for each
// gradient K of the state, outer_K_at and add_outer_K (src/neurons/pair/).

#include lib/quads
#include linear/parameters
#include recurrent/shares

#binding var<storage, read_write> total: array<f32>;            // dense; the gradient is written over it
#if remembers
#binding var<storage, read> states: array<State>;               // before each step, [T][batch][features]
#end
#binding var<storage, read_write> heard: array<vec4<f32>>;      // [workgroups][2][features][sharers]
#if dense_output_gradient
#binding var<storage, read> output_gradient: array<f32>;        // dense
#end
#if constant_output_gradient
#binding var<storage, read> output_gradient: array<f32>;        // [batch][features], the same at each t
#end
#if learned > 0
#binding var<storage, read_write> shares: array<f32>;           // [learned][batch][features]
#end

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let part = part_of(lane);
  let sharer = lane % ${sharers}u;
  let first_sample = (group.x * ${sharers}u + sharer) * ${lane_samples}u;
#for o in 0..own
  let i_${o} = neuron_of(part, ${o}u);
  let row_${o} = min(i_${o}, features - 1u) * features;
#for r in 0..lane_samples
  let n_${r}_${o} = min(first_sample + ${r}u, batch - 1u) * features + min(i_${o}, features - 1u);
  var gv_${r}_${o} = State();
#for k in 0..learned
  var share_${r}_${o}_${k} = 0.0;
#end
#end
#end
  for (var left = ${steps}u; left > 0u; left--) {
    let t = left - 1u;
#for o in 0..own
    var gs_${o} = vec4<f32>(0.0);
#end
    if (left < ${steps}u) {
      let first = (2u * group.x + (left & 1u)) * features;
#if features % 4 == 0
      for (var k = 0u; k < features; k += 4u) {
#for e in 0..4
        let g_${e} = heard[(first + k + ${e}u) * ${sharers}u + sharer];
#end
#for o in 0..own
        {
          let w = parameters_at((row_${o} + k) >> 2u);
          gs_${o} += (g_0 * w.x + g_1 * w.y) + (g_2 * w.z + g_3 * w.w);
        }
#end
      }
#else
      for (var k = 0u; k < features; k++) {
        let g = heard[(first + k) * ${sharers}u + sharer];
#for o in 0..own
        gs_${o} += g * parameter(row_${o} + k);
#end
      }
#end
    }
#for o in 0..own
    {
      var gx = vec4<f32>(0.0);
#for r in 0..lane_samples
      {
        let n = n_${r}_${o};
        prepare(n);
        let at = 4u * quad_at(t >> 2u, n) + (t & 3u);
#if dense_output_gradient
        let gs = gs_${o}[${r}] + output_gradient[at];
#else
#if constant_output_gradient
        let gs = gs_${o}[${r}] + output_gradient[n];
#else
        let gs = gs_${o}[${r}];
#end
#end
        var gv = gv_${r}_${o};
#for k in 0..outers
        gv = add_outer_${k}(gv, outer_${k}_at(quad_at(t >> 2u, n))[t & 3u]);
#end
#if remembers
        let s = states[t * (batch * features) + n];
        let x = total[at];
        let h = charge(s, x);
#else
        let s = State();
        let x = 0.0;
#if state_size == 1
        let h = total[at];
#else
        let h = with_potential(s, total[at]);
#end
#end
        let gh = fire_gradient(h, gs, gv);
        gx[${r}] = input_gradient(gh, s, x);
        gv_${r}_${o} = state_gradient(gh, s, x);
#for k in 0..learned
        share_${r}_${o}_${k} += learned_gradient_${k}(gh, s, x);
#end
        if ((first_sample + ${r}u < batch) & (i_${o} < features)) { total[at] = gx[${r}]; }
      }
#end
      if (i_${o} < features) { heard[((2u * group.x + (t & 1u)) * features + i_${o}) * ${sharers}u + sharer] = gx; }
    }
#end
    storageBarrier();
  }
#for k in 0..learned
#for o in 0..own
#for r in 0..lane_samples
  if ((first_sample + ${r}u < batch) & (i_${o} < features)) {
    shares[${k}u * (batch * features) + n_${r}_${o}] = share_${r}_${o}_${k};
  }
#end
#end
#end
}
