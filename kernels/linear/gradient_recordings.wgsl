// Gradient of a Linear layer's parameters, its input being events of recordings: weight[place][output] = sum
// of the current's gradient [t][sample][output] over the place's events in the batch. A lane takes `own_texels`
// fours of outputs of a place, or of the bias, whose gradient sums all rows: no copies, nothing to clear.

#include lib/batch
#include lib/recordings

override features: u32;
override outputs: u32;
override parts: u32;     // lanes that share a place's outputs
override rows_end: u32;  // batch * time steps, in whole quads

#binding var<storage, read> samples: array<Sample>;
#texels events;
#texels rows;                                            // [rows_end + 1][row_texels], the last row zeros
#binding var<storage, read_write> gradient: array<f32>;  // weight [features][outputs], then bias [outputs]

@compute @workgroup_size(${lanes})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let item = id.y * groups.x * ${lanes}u + id.x;
  let place = item / parts;
  let first = item % parts * ${own_texels}u;
#if bias
  let is_bias = place == features;
  if (place > features) { return; }
#else
  let is_bias = false;
  if (place >= features) { return; }
#end
  let lists = samples[0].row - ${(features + 4) / 4}u;
  let start = events_texel(lists + place / 4u)[place & 3u];
  let next = min(place + 1u, features);
  let end = events_texel(lists + next / 4u)[next & 3u];
#for v in 0..own_texels
  let column_${v} = min(first + ${v}u, ${row_texels - 1}u);
  var sum_${v} = vec4<f32>();
#end
  for (var i = select(start, 0u, is_bias); i < select(end, rows_end / 4u, is_bias); i++) {
#if bias
    let listed = events_texel(select(i, lists, is_bias));
    let four = select(listed, 4u * i + vec4<u32>(0u, 1u, 2u, 3u), vec4<bool>(is_bias));
#else
    let four = events_texel(i);
#end
#for v in 0..own_texels
#for e in 0..4
    let row_${e}_${v} = bitcast<vec4<f32>>(
      rows_texel(four[${e}] * ${row_texels}u + column_${v}),
    );
#end
    // In pairs, so that the sum is a quarter as long.
    sum_${v} += (row_0_${v} + row_1_${v}) + (row_2_${v} + row_3_${v});
#end
  }
#for v in 0..own_texels
#for o in 0..4
  if (4u * (first + ${v}u) + ${o}u < outputs) {
    gradient[place * outputs + 4u * (first + ${v}u) + ${o}u] = sum_${v}[${o}];
  }
#end
#end
}
