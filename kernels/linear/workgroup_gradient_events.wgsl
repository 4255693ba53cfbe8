// gradient_events for real GPUs: the gradient of a Linear layer's parameters from that of the current,
// a workgroup for each copy of it and `own` outputs.

#include linear/workgroup_events
#include linear/workgroup_gradient
#include lib/quads

override copies: u32;
override quads: u32;  // ceil(T / 4)

#binding var<storage, read> current_gradient: array<vec4<f32>>;  // dense, of batch * outputs numbers

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let copy = group.x;
  let first = group.y * OWN;
  let start = copy * copy_stride + first;
#if bias
  var bias = 0.0;
#end
  clear_gradient(start, first, lane, LANES);
  for (var sample = copy; sample < batch; sample += copies) {
    for (var block = 0u; block < blocks; block++) {
      workgroupBarrier();
      for (var i = lane; i < OWN * ${block_quads}u; i += LANES) {
        let o = i % OWN;
        let quad = i / OWN;
        let from_quad = min(block * ${block_quads}u + quad, quads - 1u);
        let four = current_gradient[quad_at(from_quad, sample * outputs + min(first + o, outputs - 1u))];
#for c in 0..4
        {
          let t = 4u * quad + ${c}u;
          if (t < ${block_steps}u) {
            let live = block * ${block_steps}u + t < ${steps}u;
            numbers[slot_of(t) * OWN + o] = select(0.0, four[${c}], live);
          }
        }
#end
      }
      workgroupBarrier();
#if bias
      if (lane < OWN) {
        for (var t = 0u; t < ${block_steps}u; t++) { bias += numbers[slot_of(t) * OWN + lane]; }
      }
#end
      storageBarrier();
      workgroupBarrier();
      scatter_events(sample, block, start, first, lane);
    }
  }
#if bias
  if (lane < OWN && first + lane < outputs) { gradient[start + features * outputs + lane] = bias; }
#end
}
