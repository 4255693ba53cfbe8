// For each head, a matrix of its features times the features of tokens:
//
//     result[i][l] = factor * sum over j of matrix[i][j] b[j][l]     (matrix[j][i], if transposed)
//
// matrix_quad reads [channels][width], b_quad [channels][tokens] from row b_first; store_result stores
// [channels][tokens] from row result_first. A head has `width` neighbouring channels. One lane does four time
// steps of a token and `tile` rows i, so that what it loads of b counts for all of them.

override lanes: u32;     // batch * heads * ceil(width / tile) * tokens * quads
override channels: u32;  // heads * width
override width: u32;
override tokens: u32;
override quads: u32;
override b_first: u32;
override result_first: u32;
override factor: f32;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let lane = id.x + id.y * groups.x * 64u;
  if (lane >= lanes) { return; }
  let tiles = (width + ${tile - 1}u) / ${tile}u;
  let heads = channels / width;
  let l = lane % tokens;
  let first = lane / tokens % tiles * ${tile}u;
  let head = lane / (tokens * tiles) % heads * width;
  let quad = lane / (tokens * tiles * heads) % quads;
  let sample = lane / (tokens * tiles * heads * quads);
#for k in 0..tile
  let row_${k} = min(first + ${k}u, width - 1u);
  var sum_${k} = vec4<f32>(0.0);
#end
  for (var j = 0u; j < width; j++) {
    let b = b_quad(sample, (b_first + head + j) * tokens + l, quad);
#for k in 0..tile
#if transposed
    sum_${k} += b * matrix_quad(sample, (head + j) * width + row_${k}, quad);
#else
    sum_${k} += b * matrix_quad(sample, (head + row_${k}) * width + j, quad);
#end
#end
  }
#if past_is_zero
  let t = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u);
  let counts = t < vec4<u32>(${steps}u);
#end
#for k in 0..tile
  if (first + ${k}u < width) {
    let place = (result_first + head + row_${k}) * tokens + l;
#if past_is_zero
    store_result(sample, place, quad, select(vec4<f32>(0.0), factor * sum_${k}, counts));
#else
    store_result(sample, place, quad, factor * sum_${k});
#end
  }
#end
}
