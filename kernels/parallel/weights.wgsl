// Parts of the gradient of the matrix of matrix.wgsl, in the same order: the sums over neurons of
//
//     gh[t] x[s], and of gh[t] for the bias
//
// A lane has `tile` quads of t by as many of s, and every `parts`-th neuron. On GPUs the lanes of a workgroup, which
// have the same tile, add up what they have.
//
// ends.wgsl and input.wgsl stand before this.

#include lib/quads

override parts: u32;  // lanes of a tile
override tiles: u32;  // of `across` by `across` quads, or as many as the reach has

#reads charge_gradients: vec4<f32>;                            // dense: gh
#binding var<storage, read_write> partials: array<vec4<f32>>;  // [parts, or workgroups of a tile][quads of t][4 quads + 1]

#if shares
var<workgroup> shared_sums: array<vec4<f32>, ${lanes}>;
fn sum_of(own: vec4<f32>, lane: u32) -> vec4<f32> {
  workgroupBarrier();
  shared_sums[lane] = own;
  for (var half = ${lanes / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { shared_sums[lane] += shared_sums[lane + half]; }
  }
  return shared_sums[lane];
}
#end

@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let workgroup = group.x + group.y * groups.x;
  let tile = workgroup % tiles;
  let part = workgroup / tiles * ${lanes}u + lane;
  let row = tile / ${span}u;
#if banded
  // The last of a row's tiles is on the diagonal, those before it reach back.
  if (workgroup >= tiles * (parts / ${lanes}u) || row + tile % ${span}u + 1u < ${span}u) { return; }
  let behind = row + tile % ${span}u + 1u - ${span}u;
#else
  if (workgroup >= tiles * (parts / ${lanes}u)) { return; }
  let behind = tile % ${span}u;
#end
#for a in 0..tile
  let t_${a} = min(row * ${tile}u + ${a}u, ${quads - 1}u);
  let s_${a} = min(behind * ${tile}u + ${a}u, ${quads - 1}u);
  var bias_${a} = vec4<f32>(0.0);
#for b in 0..tile
#for j in 0..4
  var sum_${a}_${b}_${j} = vec4<f32>(0.0);
#end
#end
#end
  for (var n = part; n < neurons; n += parts) {
    let end = end_of(n);
#for a in 0..tile
    let x_${a} = input_quad(n, s_${a}, end);
#end
#for a in 0..tile
    let gh_${a} = charge_gradients_at(quad_at(t_${a}, n));
    bias_${a} += gh_${a};
#for b in 0..tile
#for j in 0..4
    sum_${a}_${b}_${j} += x_${b}[${j}] * gh_${a};
#end
#end
#end
  }
#if shares
  let copy = workgroup / tiles;
#else
  let copy = part;
#end
#for a in 0..tile
  let row_${a} = (copy * ${quads}u + t_${a}) * ${4 * quads + 1}u;
  let is_row_${a} = row * ${tile}u + ${a}u < ${quads}u;
#if shares
  bias_${a} = sum_of(bias_${a}, lane);
  if (lane == 0u && is_row_${a} && behind == row) { partials[row_${a} + ${4 * quads}u] = bias_${a}; }
#else
  if (is_row_${a} && behind == row) { partials[row_${a} + ${4 * quads}u] = bias_${a}; }
#end
#end
  // A text that stores one input's sums, in turns: drivers compile it sooner than one that stores all.
  for (var j = 0u; j < 4u; j++) {
#for a in 0..tile
#for b in 0..tile
#if shares
    let sum_${a}_${b} = sum_of(sum_${a}_${b}_0, lane);
    let stores_${a}_${b} = lane == 0u && is_row_${a} && behind * ${tile}u + ${b}u < ${quads}u;
#else
    let sum_${a}_${b} = sum_${a}_${b}_0;
    let stores_${a}_${b} = is_row_${a} && behind * ${tile}u + ${b}u < ${quads}u;
#end
    if (stores_${a}_${b}) { partials[row_${a} + s_${b} * 4u + j] = sum_${a}_${b}; }
#for j in 1..4
    sum_${a}_${b}_${j - 1} = sum_${a}_${b}_${j};
#end
#end
#end
  }
}
