// Linear layer on the images themselves: current[sample][output] = bias + sum over the sample's pixels
// of value / 255 * weight, the same at each time step. A lane computes `slice_quads` times four outputs
// of a tile of `tile` samples, so that a weight is read once for all of them. A workgroup has neighbouring
// slices, and workgroups that follow each other the same slices of other tiles, whose weights are then
// in the cache.

#include linear/parameters

override batch: u32;
override features: u32;
override outputs: u32;
override slices: u32;

#binding var<storage, read> tiles: array<vec2<u32>>;    // the first texel of a tile's list and how many
#texels entries;                                        // one a texel: feature, the samples' values
#binding var<storage, read_write> current: array<f32>;  // [batch][outputs]

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let slice = group.y * ${lanes}u + lane;
  let first = slice * ${4 * slice_quads}u;
  if (slice >= slices) { return; }
#for s in 0..tile
#for q in 0..slice_quads
  var sum_${s}_${q} = vec4<f32>(0.0);
#end
#end
  let tile = tiles[group.x];
  for (var i = 0u; i < tile.y; i += 2u) {
#for e in 0..2
    let entry_${e} = entries_texel(tile.x + i + ${e}u);
    let at_${e} = entry_${e}.x * outputs + first;
#for s in 0..tile
    let value_${e}_${s} = f32((entry_${e}[${1 + (s - s % 4) / 4}] >> ${8 * (s % 4)}u) & 255u);
#end
#end
#for q in 0..slice_quads
    {
      let weight_0 = parameter_quad(at_0 + ${4 * q}u);
      let weight_1 = parameter_quad(at_1 + ${4 * q}u);
#for s in 0..tile
      sum_${s}_${q} += value_0_${s} * weight_0 + value_1_${s} * weight_1;
#end
    }
#end
  }
#for q in 0..slice_quads
#if bias
  let bias_${q} = parameter_quad(features * outputs + first + ${4 * q}u);
#else
  let bias_${q} = vec4<f32>(0.0);
#end
#end
  // A turn for each sample, so that the text is that of one: it stores the first, then all move up.
  let end = min(${tile}u * (group.x + 1u), batch);
  for (var sample = ${tile}u * group.x; sample < end; sample++) {
    let at = sample * outputs + first;
#for q in 0..slice_quads
    let result_${q} = sum_0_${q} / 255.0 + bias_${q};
#for o in 0..4
    if (first + ${4 * q + o}u < outputs) { current[at + ${4 * q + o}u] = result_${q}[${o}]; }
#end
#for s in 0..tile - 1
    sum_${s}_${q} = sum_${s + 1}_${q};
#end
#end
  }
}
