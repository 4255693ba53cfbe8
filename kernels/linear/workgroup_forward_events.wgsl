// forward_events for real GPUs: current[t][sample][output], a workgroup for each sample, `own` outputs and
// a block of time steps.

#include linear/workgroup_events
#include lib/quads

override quads: u32;  // ceil(T / 4)

#binding var<storage, read_write> current: array<vec4<f32>>;  // dense, of batch * outputs numbers

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let sample = group.x;
  let first = group.y * OWN;
  let block = group.z;
  sum_events(sample, block, first, lane);
  for (var i = lane; i < OWN * ${block_quads}u; i += LANES) {
    let o = i % OWN;
    let own_quad = i / OWN;
    let quad = block * ${block_quads}u + own_quad;
    if (first + o < outputs && quad < quads) {
      current[quad_at(quad, sample * outputs + first + o)] = vec4<f32>(
#for c in 0..4
        numbers[slot_of(min(4u * own_quad + ${c}u, ${block_steps - 1}u)) * OWN + o],
#end
      );
    }
  }
}
