// Gradient of the parameters of a Linear layer that reads the images themselves: weight[feature][output]
// = sum over the samples in which the feature is active of value / 255 * gradient of the current. A lane
// computes `slice_quads` times four outputs of a tile of `tile` features, a block of the image, so that a
// gradient is read once for all of them. The bias is one more feature, of value 255 in each sample: it
// has the last tile for itself.

override features: u32;  // of an image of height x width
override height: u32;
override width: u32;
override across: u32;    // blocks beside each other
override count: u32;     // blocks
override outputs: u32;
override slices: u32;

#binding var<storage, read> tiles: array<vec2<u32>>;     // the first texel of a tile's list and how many
#texels entries;                                         // one a texel: sample, the features' values
#reads current_gradient: vec4<f32>;                      // f32 [batch][outputs]
#if outputs % 4 == 0
#binding var<storage, read_write> gradient: array<vec4<f32>>;  // f32 [rows][outputs]
#else
#binding var<storage, read_write> gradient: array<f32>;        // [rows][outputs]
#end

// The gradients of four outputs of a sample, from i on; those past the last are anything.
fn gradient_quad(i: u32) -> vec4<f32> {
#if outputs % 4 == 0
  return current_gradient_at(min(i >> 2u, ${gradient_quads - 1}u));
#else
  return vec4<f32>(
#for o in 0..4
    current_gradient_at(min((i + ${o}u) >> 2u, ${gradient_quads - 1}u))[(i + ${o}u) & 3u],
#end
  );
#end
}

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let block = group.x + group.z * 65535u;
  let slice = group.y * ${lanes}u + lane;
  let first = slice * ${4 * slice_quads}u;
  if ((slice >= slices) | (block >= ${groups}u)) { return; }
#for r in 0..tile
#for q in 0..slice_quads
  var sum_${r}_${q} = vec4<f32>(0.0);
#end
#end
  let tile = tiles[block];
  for (var i = 0u; i < tile.y; i += 2u) {
#for e in 0..2
    let entry_${e} = entries_texel(tile.x + i + ${e}u);
    let at_${e} = entry_${e}.x * outputs + first;
#for r in 0..tile
    let value_${e}_${r} = f32((entry_${e}[${1 + (r - r % 4) / 4}] >> ${8 * (r % 4)}u) & 255u);
#end
#end
#for q in 0..slice_quads
    {
      let gradient_0 = gradient_quad(at_0 + ${4 * q}u);
      let gradient_1 = gradient_quad(at_1 + ${4 * q}u);
#for r in 0..tile
      sum_${r}_${q} += value_0_${r} * gradient_0 + value_1_${r} * gradient_1;
#end
    }
#end
  }
  // A turn for each line of the block, so that the text is that of one: it stores the first, then all move up.
  for (var line = 0u; line < ${block_rows}u; line++) {
    let y = block / across * ${block_rows}u + line;
#for c in 0..block_columns
    {
      let x = block % across * ${block_columns}u + ${c}u;
#if c == 0
      let is_bias = (block == count) & (line == 0u);
#else
      let is_bias = false;
#end
      let row = select(y * width + x, features, is_bias);
      if (is_bias | ((y < height) & (x < width))) {
#for q in 0..slice_quads
        let result_${q} = sum_${c}_${q} / 255.0;
#if outputs % 4 == 0
        if (first + ${4 * q}u < outputs) { gradient[((row * outputs + first) >> 2u) + ${q}u] = result_${q}; }
#else
#for o in 0..4
        if (first + ${4 * q + o}u < outputs) { gradient[row * outputs + first + ${4 * q + o}u] = result_${q}[${o}]; }
#end
#end
#end
      }
    }
#end
#for s in 0..tile - block_columns
#for q in 0..slice_quads
    sum_${s}_${q} = sum_${s + block_columns}_${q};
#end
#end
  }
}
