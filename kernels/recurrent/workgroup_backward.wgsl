// The reverse of workgroup_forward, shared out in the same way. A neuron hears the gradients of all that it
// charged a time step later through workgroup memory; the samples of a lane are the components of vectors.
//
// What is declared elsewhere: State, prepare, charge, its derivatives and those of the reset and, for each
// gradient K of the state, outer_K_at and add_outer_K (src/neurons/pair/).

#include lib/quads
#if lengths
#include lib/lengths
#end
#include linear/parameters
#include recurrent/shares

#binding var<storage, read_write> total: array<vec4<f32>>;      // dense; the gradient is written over it
#if remembers
#binding var<storage, read> states: array<State>;               // before each step, [T][batch][features]
#end
#if dense_output_gradient
#binding var<storage, read> output_gradient: array<vec4<f32>>;  // dense
#end
#if constant_output_gradient
#binding var<storage, read> output_gradient: array<f32>;        // [batch][features], the same at each t
#end
#if learned > 0
#binding var<storage, read_write> shares: array<f32>;           // [learned][batch][features]
#end

// A number for each sample of a lane, or for some of them.
#if lane_samples == 1
alias Samples = f32;
#else
alias Samples = vec${lane_samples / vectors}<f32>;
#end

#if parts > 1
var<workgroup> heard: array<Samples, ${2 * features * sharers * vectors}>;  // [2][features][sharers][vectors]
#end

// Where the gradients of a time step begin, and where those of neuron k are.
fn heard_of(t: u32, sharer: u32) -> u32 {
#if parts == 1
  return 0u;
#else
  return ((t & 1u) * ${features * sharers}u + sharer) * ${vectors}u;
#end
}

fn heard_at(first: u32, k: u32) -> u32 {
#if parts == 1
  return k * ${vectors}u;
#else
  return first + k * ${sharers * vectors}u;
#end
}

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let part = part_of(lane);
  let sharer = lane % ${sharers}u;
  let first_sample = (group.x * ${sharers}u + sharer) * ${lane_samples}u;
#if parts == 1
  var heard: array<Samples, ${own * vectors}>;  // [features][vectors]
#end
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
  for (var quads_left = ${quads}u; quads_left > 0u; quads_left--) {
    let quad = quads_left - 1u;
#for r in 0..lane_samples
#for o in 0..own
    let at_${r}_${o} = quad_at(quad, n_${r}_${o});
    let total_${r}_${o} = total[at_${r}_${o}];
    var gx_${r}_${o} = vec4<f32>(0.0);
#if dense_output_gradient
    let outer_${r}_${o} = output_gradient[at_${r}_${o}];
#end
#if constant_output_gradient
    let outer_${r}_${o} = vec4<f32>(output_gradient[n_${r}_${o}]);
#end
#end
#end
    for (var left = min(4u, ${steps}u - 4u * quad); left > 0u; left--) {
      let e = left - 1u;
      let t = 4u * quad + e;
#for o in 0..own
#for v in 0..vectors
      var gs_${o}_${v} = Samples(0.0);
#end
#end
      // Nothing hears the last step.
      if (t + 1u < ${steps}u) {
        let first = heard_of(t + 1u, sharer);
#if features % 4 == 0
        for (var k = 0u; k < features; k += 4u) {
#for c in 0..4
#for v in 0..vectors
          let g_${c}_${v} = heard[heard_at(first, k + ${c}u) + ${v}u];
#end
#end
#for o in 0..own
          {
            let w = parameters_at((row_${o} + k) >> 2u);
#for v in 0..vectors
            gs_${o}_${v} += (g_0_${v} * w.x + g_1_${v} * w.y) + (g_2_${v} * w.z + g_3_${v} * w.w);
#end
          }
#end
        }
#else
        for (var k = 0u; k < features; k++) {
#for v in 0..vectors
          let g_${v} = heard[heard_at(first, k) + ${v}u];
#end
#for o in 0..own
          {
            let w = parameter(row_${o} + k);
#for v in 0..vectors
            gs_${o}_${v} += g_${v} * w;
#end
          }
#end
        }
#end
      }
#for o in 0..own
      {
#for v in 0..vectors
        var gx_${v} = Samples(0.0);
#end
#for r in 0..lane_samples
        {
#if lane_samples == 1
          let heard_gradient = gs_${o}_0;
#else
          let heard_gradient = gs_${o}_${r / 4}[${r % 4}];
#end
          let n = n_${r}_${o};
          prepare(n);
#if dense_output_gradient || constant_output_gradient
          let gs = heard_gradient + outer_${r}_${o}[e];
#else
          let gs = heard_gradient;
#end
          var gv = gv_${r}_${o};
#for k in 0..outers
          gv = add_outer_${k}(gv, outer_${k}_at(at_${r}_${o})[e]);
#end
#if remembers
          let s = states[t * (batch * features) + n];
          let x = total_${r}_${o}[e];
          let h = charge(s, x);
#else
          let s = State();
          let x = 0.0;
#if state_size == 1
          let h = total_${r}_${o}[e];
#else
          let h = with_potential(s, total_${r}_${o}[e]);
#end
#end
#if lengths
          let gh = select(State(), fire_gradient(h, gs, gv), t < lengths[n / features]);
#else
          let gh = fire_gradient(h, gs, gv);
#end
          let own_gx = input_gradient(gh, s, x);
          gx_${r}_${o}[e] = own_gx;
#if lane_samples == 1
          gx_0 = own_gx;
#else
          gx_${r / 4}[${r % 4}] = own_gx;
#end
          gv_${r}_${o} = state_gradient(gh, s, x);
#for k in 0..learned
          share_${r}_${o}_${k} += learned_gradient_${k}(gh, s, x);
#end
        }
#end
#if parts > 1
        if (i_${o} < features) {
#else
        {
#end
#for v in 0..vectors
          heard[heard_at(heard_of(t, sharer), i_${o}) + ${v}u] = gx_${v};
#end
        }
      }
#end
#if parts > 1
      workgroupBarrier();
#end
    }
#for r in 0..lane_samples
#for o in 0..own
    if ((first_sample + ${r}u < batch) & (i_${o} < features)) { total[at_${r}_${o}] = gx_${r}_${o}; }
#end
#end
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
