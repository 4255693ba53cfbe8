// For each head, the products of each two features, added up over tokens:
//
//     result[i][j] = factor * sum over l of a[i][l] b[j][l]
//
// a_quad and b_quad read [channels][tokens], their first rows a_first and b_first; store_result stores
// [channels][width]. A head has `width` neighbouring channels. One lane does four time steps of a row i and
// `tile` columns j, so that what it loads of a counts for all of them.

override lanes: u32;     // batch * channels * ceil(width / tile) * quads
override channels: u32;  // heads * width
override width: u32;
override tokens: u32;
override quads: u32;
override a_first: u32;
override b_first: u32;
override factor: f32;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let lane = id.x + id.y * groups.x * 64u;
  if (lane >= lanes) { return; }
  let tiles = (width + ${tile - 1}u) / ${tile}u;
  let first = lane % tiles * ${tile}u;
  let row = lane / tiles % channels;
  let quad = lane / (tiles * channels) % quads;
  let sample = lane / (tiles * channels * quads);
  let head = row / width * width;
#for k in 0..tile
  let column_${k} = (b_first + head + min(first + ${k}u, width - 1u)) * tokens;
  var sum_${k} = vec4<f32>(0.0);
#end
  for (var l = 0u; l < tokens; l++) {
    let a = a_quad(sample, (a_first + row) * tokens + l, quad);
#for k in 0..tile
    sum_${k} += a * b_quad(sample, column_${k} + l, quad);
#end
  }
#for k in 0..tile
  if (first + ${k}u < width) {
    store_result(sample, row * width + first + ${k}u, quad, factor * sum_${k});
  }
#end
}
