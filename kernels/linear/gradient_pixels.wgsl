// Gradient of the parameters of a Linear layer that reads the images themselves: weight[feature][output]
// = sum over the samples in which the feature is active of value / 255 * gradient of the current. A lane
// computes a slice of `slice_quads` times four outputs of one feature; the samples stand in the column of
// the feature. The bias is one more feature, of value 255 in each sample.

#include lib/texel

override outputs: u32;
override slices: u32;
override rows: u32;     // features, and 1 with a bias

#binding var<storage, read> columns: array<vec2<u32>>;   // [rows], the first texel and how many
#binding var entries: texture_2d<u32>;                   // sample | value << 24, four to a texel
#reads current_gradient: vec4<f32>;                      // f32 [batch][outputs]
#if outputs % 4 == 0
#binding var<storage, read_write> gradient: array<vec4<f32>>;  // f32 [rows][outputs]
#else
#binding var<storage, read_write> gradient: array<f32>;        // [rows][outputs]
#end

// The gradients of four outputs of a sample, from i on; those past the last are anything.
fn gradient_quad(i: u32) -> vec4<f32> {
#if outputs % 4 == 0
  return current_gradient_at(min(i / 4u, ${gradient_quads - 1}u));
#else
  return vec4<f32>(
#for o in 0..4
    current_gradient_at(min((i + ${o}u) / 4u, ${gradient_quads - 1}u))[(i + ${o}u) % 4u],
#end
  );
#end
}

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.z * 65535u;
  if (row >= rows) { return; }
  let slice = group.y * ${lanes}u + lane;
  let first = slice * ${4 * slice_quads}u;
  if (slice >= slices) { return; }
#for q in 0..slice_quads
  var sum_${q} = vec4<f32>(0.0);
#end
  let column = columns[row];
  for (var i = 0u; i < column.y; i++) {
    let four = textureLoad(entries, texel(column.x + i), 0);
#for e in 0..4
    let at_${e} = (four[${e}] & 0xffffffu) * outputs + first;
    let value_${e} = f32(four[${e}] >> 24u);
#end
#for q in 0..slice_quads
    sum_${q} += (value_0 * gradient_quad(at_0 + ${4 * q}u) + value_1 * gradient_quad(at_1 + ${4 * q}u))
        + (value_2 * gradient_quad(at_2 + ${4 * q}u) + value_3 * gradient_quad(at_3 + ${4 * q}u));
#end
  }
#for q in 0..slice_quads
  {
    let result = sum_${q} / 255.0;
#if outputs % 4 == 0
    if (first + ${4 * q}u < outputs) { gradient[(row * outputs + first) / 4u + ${q}u] = result; }
#else
#for o in 0..4
    if (first + ${4 * q + o}u < outputs) {
      gradient[row * outputs + first + ${4 * q + o}u] = result[${o}];
    }
#end
#end
  }
#end
}
