// A layer of neurons over all T time steps: current in, spikes out, or potentials of neurons that don't
// fire. One lane simulates one neuron; its state never leaves the registers but for one checkpoint at the
// start of each segment of time steps, from which backward.wgsl rebuilds it.

#include lib/quads
#include lib/slice

override neurons: u32;

#if constant_current
#reads current: f32;                                         // [neurons], the same at each t
#else
#reads current: vec4<f32>;                                   // dense
#end
#if stored_initial
#binding var<storage, read> initial_state: array<State>;     // [neurons], before the first step
#end
#if fires
#binding var<storage, read_write> spikes: array<u32>;        // [ceil(T / 32)][neurons], one bit a step
#binding var<storage, read_write> counts: array<u32>;        // [neurons], spikes over T
#end
#if segments > 1
#binding var<storage, read_write> checkpoints: array<State>; // [segments - 1][neurons]
#end
#if store_v
#binding var<storage, read_write> potential: array<vec4<f32>>;  // dense, after the reset
#end
#if store_others
#for k in 1..state_size
#binding var<storage, read_write> trace_${k}: array<vec4<f32>>;  // dense, variable k of the state
#end
#end
#if keep_state
#binding var<storage, read_write> final_state: array<State>;    // [neurons], after the last step
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;  // of the slice
  let n = slice_first() + i;
  if (n >= slice_end()) { return; }
  prepare(n);
#if stored_initial
  var v = initial_state[n];
#else
  var v = first_state();
#end
#if constant_current
  let x = vec4<f32>(current_at(n));
#end
#if fires
  var count = 0u;
#end
#if segments == 1
  let segment = 0u;
  {
#else
  for (var segment = 0u; segment < ${segments}u; segment++) {
    if (segment > 0u) { checkpoints[(segment - 1u) * neurons + n] = v; }
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
#if store_v
      var stored = vec4<f32>(0.0);
#end
#if store_others
#for k in 1..state_size
      var stored_${k} = vec4<f32>(0.0);
#end
#end
#for i in 0..4
#let t = 4 * q + i
#if ragged
      {
        let h = charge(v, x[${i}]);
        let live = first_quad * 4u + ${t}u < ${steps}u;
#if fires
        word_${q / 8} |= select(0u, 1u << ${t % 32}u, live & (potential_of(h) >= v_threshold));
#end
        v = select(v, after_reset(h), live);
#if store_v
        stored[${i}] = select(0.0, potential_of(v), live);
#end
#if store_others
#for k in 1..state_size
        stored_${k}[${i}] = select(0.0, v[${k}], live);
#end
#end
      }
#else
#if t < steps
      {
        let h = charge(v, x[${i}]);
#if fires
        word_${q / 8} |= select(0u, 1u << ${t % 32}u, potential_of(h) >= v_threshold);
#end
        v = after_reset(h);
#if store_v
        stored[${i}] = potential_of(v);
#end
#if store_others
#for k in 1..state_size
        stored_${k}[${i}] = v[${k}];
#end
#end
      }
#end
#end
#end
#if store_v
#if ragged
      if (first_quad + ${q}u < ${quads}u) { potential[quad_at(first_quad + ${q}u, n)] = stored; }
#else
      potential[quad_at(first_quad + ${q}u, n)] = stored;
#end
#end
#if store_others
#for k in 1..state_size
#if ragged
      if (first_quad + ${q}u < ${quads}u) { trace_${k}[quad_at(first_quad + ${q}u, n)] = stored_${k}; }
#else
      trace_${k}[quad_at(first_quad + ${q}u, n)] = stored_${k};
#end
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
  final_state[n] = v;
#end
}
