// What every optimizer does: it adds up the copies of a gradient and calls `update`, which is in the
// file that includes this one. Parameters, gradients and what an optimizer keeps of them lie in quads of
// four f32. A lane takes a quad; where `sharers` is more than 1, as many lanes share the copies.

#include lib/batch

override quads: u32;   // parameters / 4, rounded up

#binding var<uniform> step: Step;
#updates parameters: vec4<f32>;   // [quads]
#reads gradient: vec4<f32>;       // [copies][quads]

const LANES = ${lanes}u;  // of a workgroup, or of each sharer in it
#if sharers == 1

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * LANES;
  if (i >= quads) { return; }
  var sum = gradient_at(i);
  for (var copy = 1u; copy < ${copies}u; copy++) { sum += gradient_at(copy * quads + i); }
  update(i, sum);
}
#else
const SHARERS = ${sharers}u;

var<workgroup> shares: array<vec4<f32>, LANES * SHARERS>;

@compute @workgroup_size(LANES, SHARERS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_id) id: vec3<u32>,
) {
  let i = (group.x + group.y * groups.x) * LANES + id.x;
  let quad = min(i, quads - 1u);
  var share = vec4<f32>(0.0);
#for k in 0..(copies + sharers - 1) / sharers
  if (${k}u * SHARERS + id.y < ${copies}u) { share += gradient_at((${k}u * SHARERS + id.y) * quads + quad); }
#end
  shares[id.y * LANES + id.x] = share;
  workgroupBarrier();
  if (id.y != 0u || i >= quads) { return; }
  for (var sharer = 1u; sharer < SHARERS; sharer++) { share += shares[sharer * LANES + id.x]; }
  update(i, share);
}
#end
