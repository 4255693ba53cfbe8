// Parallel neurons over all T time steps: inputs in, spikes out.
//
//     h[t] = bias[t] + sum over s of matrix[t][s] x[s],  spike[t] = 1 if h[t] >= 0 else 0
//
// A lane has `own` neurons, for all of which a number of the matrix counts that it loads, and takes `tile` quads of
// charges at a time, for all of which an input counts. What is past the last neuron is that one again. With a
// `reach` charges read no inputs that are more quads back, nor later ones.
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
  let own = (id.x + id.y * groups.x * 64u) * ${own}u;
  if (own >= neurons) { return; }
#for o in 0..own
  let n_${o} = min(own + ${o}u, neurons - 1u);
  let end_${o} = end_of(n_${o});
  var word_${o} = 0u;
  var count_${o} = 0u;
#end
  for (var first = 0u; first < ${quads}u; first += ${tile}u) {
#for k in 0..tile
    let t_${k} = min(first + ${k}u, ${quads - 1}u);
    let bias_${k} = bias_of(t_${k});
#for o in 0..own
    var h_${o}_${k} = bias_${k};
#end
#end
#if banded
    for (var s = max(first, ${reach}u) - ${reach}u; s < min(first + ${tile}u, ${quads}u); s++) {
#else
    for (var s = 0u; s < ${quads}u; s++) {
#end
#for o in 0..own
      let x_${o} = input_quad(n_${o}, s, end_${o});
#end
#for k in 0..tile
#for j in 0..4
      let column_${k}_${j} = column(t_${k}, s, ${j}u);
#for o in 0..own
      h_${o}_${k} += x_${o}[${j}] * column_${k}_${j};
#end
#end
#end
    }
    // A text that stores one quad of each neuron, in turns: drivers compile it sooner than one that stores all.
    for (var t = first; t < min(first + ${tile}u, ${quads}u); t++) {
#for o in 0..own
      let live_${o} = before(t, end_${o});
      word_${o} |= bits((h_${o}_0 >= vec4<f32>(0.0)) & live_${o}) << (4u * (t & 7u));
#if keeps
      charges[quad_at(t, n_${o})] = select(vec4<f32>(0.0), h_${o}_0, live_${o});
#end
#for k in 1..tile
      h_${o}_${k - 1} = h_${o}_${k};
#end
#end
    }
    let next = first + ${tile}u;
    if (((next & 7u) == 0u) | (next >= ${quads}u)) {
#for o in 0..own
      spikes[(first >> 3u) * neurons + n_${o}] = word_${o};
      count_${o} += countOneBits(word_${o});
      word_${o} = 0u;
#end
    }
  }
#for o in 0..own
  counts[n_${o}] = count_${o};
#end
}
