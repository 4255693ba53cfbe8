// A layer of neurons over all T time steps: current in, spikes out, or, of neurons that don't fire, the
// potential, which is then the first of the traces: what is kept of the state after each step. One lane
// simulates one neuron; its state never leaves the registers but for those and for one checkpoint at the
// start of each segment of time steps, from which backward.wgsl rebuilds it. With `feedback` a neuron hears
// its own spike at the next step: it adds 1 to the current.
//
// What is declared elsewhere: State, first_state, prepare, charged, reset and, for each trace K, traced_K
// and store_trace_K (src/neurons/pair/).

#include lib/quads
#include lib/slice
#if lengths
#include lib/lengths
#end

override neurons: u32;

#if constant_current
#reads current: f32;                                         // [neurons], the same at each t
#else
#reads current: vec4<f32>;                                   // dense
#end
#if fires
#binding var<storage, read_write> spikes: array<u32>;        // [ceil(T / 32)][neurons], one bit a step
#binding var<storage, read_write> counts: array<u32>;        // [neurons], spikes over T
#end
#if checkpoints || keep_state
// [segments - 1][neurons]; where states are kept, that before the first step before them, that after the last behind
#binding var<storage, read_write> checkpoints: array<State>;
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
  var v = first_state(n);
#if constant_current
  let x = vec4<f32>(current_at(n));
#end
#if fires
  var count = 0u;
#end
#if feedback
  var heard = 0.0;  // 1 if the neuron fired one time step before
#end
#if segments == 1
  let segment = 0u;
  {
#else
  for (var segment = 0u; segment < ${segments}u; segment++) {
#if checkpoints
    if (segment > 0u) { checkpoints[(segment - ${1 - keep_state}u) * neurons + n] = v; }
#end
#end
    let first_quad = segment * ${segment_quads}u;
#for q in 0..segment_quads
#if fires && q % 8 == 0
    var word_${q / 8} = 0u;
#end
    {
#if !constant_current
#if ragged
      let x = current_at(quad_at(min(first_quad + ${q}u, ${quads - 1}u), i));
#else
      let x = current_at(quad_at(first_quad + ${q}u, i));
#end
#end
#for k in 0..traces
      var stored_${k} = vec4<f32>(0.0);
#end
#for i in 0..4
#let t = 4 * q + i
#if ragged
      {
#if feedback
        let h = charged(v, x[${i}] + heard);
        heard = select(0.0, 1.0, spikes_at(h));
#else
        let h = charged(v, x[${i}]);
#end
#if lengths
        let live = first_quad * 4u + ${t}u < own_steps;
#else
        let live = first_quad * 4u + ${t}u < ${steps}u;
#end
#if fires
        word_${q / 8} |= select(0u, 1u << ${t % 32}u, live & spikes_at(h));
        v = select(v, reset(h), live);
#else
        v = select(v, h, live);
#end
#for k in 0..traces
        stored_${k}[${i}] = select(0.0, traced_${k}(v), live);
#end
      }
#else
#if t < steps
      {
#if feedback
        let h = charged(v, x[${i}] + heard);
        heard = select(0.0, 1.0, spikes_at(h));
#else
        let h = charged(v, x[${i}]);
#end
#if fires
        word_${q / 8} |= select(0u, 1u << ${t % 32}u, spikes_at(h));
        v = reset(h);
#else
        v = h;
#end
#for k in 0..traces
        stored_${k}[${i}] = traced_${k}(v);
#end
      }
#end
#end
#end
#for k in 0..traces
#if ragged
      if (first_quad + ${q}u < ${quads}u) { store_trace_${k}(quad_at(first_quad + ${q}u, n), stored_${k}); }
#else
      store_trace_${k}(quad_at(first_quad + ${q}u, n), stored_${k});
#end
#end
    }
#end
#if fires
#for w in 0..(segment_quads + 7) / 8
#if ragged
    if (first_quad + ${8 * w}u < ${quads}u) {
#else
    {
#end
      spikes[((first_quad >> 3u) + ${w}u) * neurons + n] = word_${w};
      count += countOneBits(word_${w});
    }
#end
#end
  }
#if fires
  counts[n] = count;
#end
#if keep_state
  checkpoints[${1 + checkpoints * (segments - 1)}u * neurons + n] = v;
#end
}
