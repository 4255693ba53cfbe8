// The gradient of the current in rows, a row for each sample and time step with all outputs beside each
// other, four to a texel: what `gradient_recordings` reads in one piece for an event. A lane takes four
// outputs of a sample.

#include lib/texel
#include lib/quads

override items: u32;    // batch * row_texels
override outputs: u32;
override quads: u32;    // ceil(T / 4)

#reads current_gradient: vec4<f32>;  // dense, of batch * outputs numbers
#binding var rows: texture_storage_2d<rgba32uint, write>;       // [batch][4 * quads][row_texels]

@compute @workgroup_size(${lanes})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let item = id.y * groups.x * ${lanes}u + id.x;
  if (item >= items) { return; }
  let column = item % ${row_texels}u;
  let sample = item / ${row_texels}u;
  for (var quad = 0u; quad < quads; quad++) {
#for o in 0..4
    let output_${o} =
      current_gradient_at(quad_at(quad, sample * outputs + min(4u * column + ${o}u, outputs - 1u)));
#end
    let row = 4u * (sample * quads + quad);
#for t in 0..4
    textureStore(rows, texel((row + ${t}u) * ${row_texels}u + column), bitcast<vec4<u32>>(
      vec4<f32>(output_0[${t}], output_1[${t}], output_2[${t}], output_3[${t}]),
    ));
#end
  }
}
