// The gradient of what came in, from that of the charges:
//
//     gx[s] = sum over t of matrix[t][s] gh[t],  0 after a sample's end; of a constant input, all of them added up
//
// A lane has one neuron; it takes `tile` quads of inputs at a time. With a `reach` an input counts for no charges
// that are more quads later, nor for earlier ones.
//
// ends.wgsl, read_matrix.wgsl and what stores gx (src/core/readers.ts) stand before this.

#include lib/quads

#reads charge_gradients: vec4<f32>;  // dense: gh

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= neurons) { return; }
  let end = end_of(n);
#if constant_input
  var total = vec4<f32>(0.0);
#end
  for (var first = 0u; first < ${quads}u; first += ${tile}u) {
#for k in 0..tile
    let s_${k} = min(first + ${k}u, ${quads - 1}u);
    var g_${k} = vec4<f32>(0.0);
#end
#if banded
    for (var t = first; t < min(first + ${tile + reach}u, ${quads}u); t++) {
#else
    for (var t = 0u; t < ${quads}u; t++) {
#end
      let gh = charge_gradients_at(quad_at(t, n));
#for k in 0..tile
      g_${k} += vec4<f32>(
        dot(gh, column(t, s_${k}, 0u)), dot(gh, column(t, s_${k}, 1u)),
        dot(gh, column(t, s_${k}, 2u)), dot(gh, column(t, s_${k}, 3u)),
      );
#end
    }
#for k in 0..tile
    if (first + ${k}u < ${quads}u) {
      let live = select(vec4<f32>(0.0), g_${k}, before(s_${k}, end));
#if constant_input
      total += live;
#else
      store_gx(0u, n, s_${k}, live);
#end
    }
#end
  }
#if constant_input
  store_gx(0u, n, 0u, vec4<f32>(total.x + total.y + total.z + total.w));
#end
}
