// The gradient of what came in, from that of the charges:
//
//     gx[s] = sum over t of matrix[t][s] gh[t],  0 after a sample's end; of a constant input, all of them added up
//
// A lane has `own` neurons, and takes `tile` quads of inputs at a time. What is past the last neuron is that one
// again. With a `reach` an input counts for no charges that are more quads later, nor for earlier ones.
//
// ends.wgsl, read_matrix.wgsl and what stores gx (src/core/readers.ts) stand before this.

#include lib/quads

#reads charge_gradients: vec4<f32>;  // dense: gh

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let own = (id.x + id.y * groups.x * 64u) * ${own}u;
  if (own >= neurons) { return; }
#for o in 0..own
  let n_${o} = min(own + ${o}u, neurons - 1u);
  let end_${o} = end_of(n_${o});
#if constant_input
  var total_${o} = vec4<f32>(0.0);
#end
#end
  for (var first = 0u; first < ${quads}u; first += ${tile}u) {
#for k in 0..tile
    let s_${k} = min(first + ${k}u, ${quads - 1}u);
#for o in 0..own
    var g_${o}_${k} = vec4<f32>(0.0);
#end
#end
#if banded
    for (var t = first; t < min(first + ${tile + reach}u, ${quads}u); t++) {
#else
    for (var t = 0u; t < ${quads}u; t++) {
#end
#for o in 0..own
      let gh_${o} = charge_gradients_at(quad_at(t, n_${o}));
#end
#for k in 0..tile
#for j in 0..4
      let column_${k}_${j} = column(t, s_${k}, ${j}u);
#for o in 0..own
      g_${o}_${k}[${j}] += dot(gh_${o}, column_${k}_${j});
#end
#end
#end
    }
    // In turns, as forward.wgsl does.
    for (var s = first; s < min(first + ${tile}u, ${quads}u); s++) {
#for o in 0..own
      let live_${o} = select(vec4<f32>(0.0), g_${o}_0, before(s, end_${o}));
#if constant_input
      total_${o} += live_${o};
#else
      store_gx(0u, n_${o}, s, live_${o});
#end
#for k in 1..tile
      g_${o}_${k - 1} = g_${o}_${k};
#end
#end
    }
  }
#if constant_input
#for o in 0..own
  store_gx(0u, n_${o}, 0u, vec4<f32>(total_${o}.x + total_${o}.y + total_${o}.z + total_${o}.w));
#end
#end
}
