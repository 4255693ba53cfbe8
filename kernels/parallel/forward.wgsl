// Parallel neurons over all T time steps: inputs in, spikes out.
//
//     h[t] = bias[t] + sum over s of matrix[t][s] x[s],  spike[t] = 1 if h[t] >= 0 else 0
//
// A lane has one neuron; it takes `tile` quads of charges at a time, so that an input that is loaded counts for all
// of them. With a `reach` charges read no inputs that are more quads back, nor later ones.
//
// ends.wgsl, input.wgsl and read_matrix.wgsl stand before this.

#include lib/quads

#if keeps
#binding var<storage, read_write> charges: array<vec4<f32>>;  // dense: h, 0 after a sample's end
#end
#binding var<storage, read_write> spikes: array<u32>;         // [ceil(T / 32)][neurons], one bit a step
#binding var<storage, read_write> counts: array<u32>;         // [neurons], spikes over T

fn bits(fires: vec4<bool>) -> u32 {
  let each = select(vec4<u32>(0u), vec4<u32>(1u, 2u, 4u, 8u), fires);
  return each.x | each.y | each.z | each.w;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= neurons) { return; }
  let end = end_of(n);
  var word = 0u;
  var count = 0u;
  for (var first = 0u; first < ${quads}u; first += ${tile}u) {
#for k in 0..tile
    let t_${k} = min(first + ${k}u, ${quads - 1}u);
    var h_${k} = bias_of(t_${k});
#end
#if banded
    for (var s = max(first, ${reach}u) - ${reach}u; s < min(first + ${tile}u, ${quads}u); s++) {
#else
    for (var s = 0u; s < ${quads}u; s++) {
#end
      let x = input_quad(n, s, end);
#for k in 0..tile
      h_${k} += x.x * column(t_${k}, s, 0u) + x.y * column(t_${k}, s, 1u)
        + x.z * column(t_${k}, s, 2u) + x.w * column(t_${k}, s, 3u);
#end
    }
#for k in 0..tile
    if (first + ${k}u < ${quads}u) {
      let live = before(t_${k}, end);
      word |= bits((h_${k} >= vec4<f32>(0.0)) & live) << (4u * (t_${k} & 7u));
#if keeps
      charges[quad_at(t_${k}, n)] = select(vec4<f32>(0.0), h_${k}, live);
#end
    }
#end
    let next = first + ${tile}u;
    if (((next & 7u) == 0u) | (next >= ${quads}u)) {
      spikes[(first >> 3u) * neurons + n] = word;
      count += countOneBits(word);
      word = 0u;
    }
  }
  counts[n] = count;
}
