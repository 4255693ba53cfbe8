// The reverse of workgroup_forward, shared out and written in the same way. A neuron hears the gradients of all that
// it charged a time step later through workgroup memory; the samples of a lane are the components of vectors.
//
// What is declared elsewhere: State, prepare, charged, its derivatives and those of the reset and, for each
// gradient K of the state, outer_K_at and add_outer_K (src/neurons/pair/).

#include lib/quads
#if lengths
#include lib/lengths
#end
#include linear/parameters
#include recurrent/shares

#updates total: f32;                                            // dense; the gradient is written over it
#if remembers
#binding var<storage, read> states: array<State>;               // before each step, [T][batch][features]
#end
#if dense_output_gradient || constant_output_gradient
#reads output_gradient: f32;                                    // dense, or [batch][features], the same at each t
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
#let components = lane_samples / vectors
#let of_turn = own / turns
  // Of the lane's neurons, [own][vectors], and there of the samples of a vector.
  var gs: array<Samples, ${own * vectors}>;
#for c in 0..components
  var gv_${c}: array<State, ${own * vectors}>;
#for k in 0..learned
  var share_${c}_${k}: array<f32, ${own * vectors}>;
#end
#end
#if parts == 1
  var heard: array<Samples, ${own * vectors}>;  // [features][vectors]
#end
#for o in 0..own
  let row_${o} = min(neuron_of(part, ${o}u), features - 1u) * features;
#end
  for (var left = ${steps}u; left > 0u; left--) {
    let t = left - 1u;
#for o in 0..own
#for v in 0..vectors
    var gs_${o}_${v} = Samples(0.0);
#end
#end
    // Nothing hears the last step.
    if (left < ${steps}u) {
      let first = heard_of(left, sharer);
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
#for v in 0..vectors
    gs[${o * vectors + v}] = gs_${o}_${v};
#end
#end
#for turn in 0..turns
    for (var o = ${turn * of_turn}u; o < ${turn * of_turn + of_turn}u; o++) {
      let i = neuron_of(part, o);
#if vectors > 1
      for (var v = 0u; v < ${vectors}u; v++) {
#else
      {
        let v = 0u;
#end
        let k = o * ${vectors}u + v;
        let heard_gradient = gs[k];
        var gx = Samples(0.0);
#for c in 0..components
        {
          let sample = first_sample + v * ${components}u + ${c}u;
          let n = number_of(sample, i);
          let at = 4u * quad_at(t >> 2u, n) + (t & 3u);
          prepare(n);
#if components == 1
          var own_gs = heard_gradient;
#else
          var own_gs = heard_gradient[${c}];
#end
#if dense_output_gradient
          own_gs += output_gradient_at(at);
#end
#if constant_output_gradient
          own_gs += output_gradient_at(n);
#end
          var own_gv = gv_${c}[k];
#for outer in 0..outers
          own_gv = add_outer_${outer}(own_gv, outer_${outer}_at(at >> 2u)[t & 3u]);
#end
#if remembers
          let s = states[t * (batch * features) + n];
          let x = total_at(at);
          let h = charged(s, x);
#else
          let s = State();
          let x = 0.0;
#if state_size == 1
          let h = total_at(at);
#else
          let h = with_potential(s, total_at(at));
#end
#end
#if lengths
          let gh = select(State(), fire_gradient(h, own_gs, own_gv), t < lengths[n / features]);
#else
          let gh = fire_gradient(h, own_gs, own_gv);
#end
          let own_gx = input_gradient(gh, s, x);
#if components == 1
          gx = own_gx;
#else
          gx[${c}] = own_gx;
#end
          if ((sample < batch) & (i < features)) { total[at] = own_gx; }
          gv_${c}[k] = state_gradient(gh, s, x);
#for l in 0..learned
          share_${c}_${l}[k] += learned_gradient_${l}(gh, s, x);
#end
        }
#end
        if (i < features) { heard[heard_at(heard_of(t, sharer), i) + v] = gx; }
      }
    }
#end
#if parts > 1
    workgroupBarrier();
#end
  }
#if learned > 0
#for turn in 0..turns
  for (var o = ${turn * of_turn}u; o < ${turn * of_turn + of_turn}u; o++) {
    let i = neuron_of(part, o);
#for r in 0..lane_samples
    if ((first_sample + ${r}u < batch) & (i < features)) {
      let n = number_of(first_sample + ${r}u, i);
#for l in 0..learned
      shares[${l}u * (batch * features) + n] = share_${r % components}_${l}[o * ${vectors}u + ${r / components}u];
#end
    }
#end
  }
#end
#end
}
