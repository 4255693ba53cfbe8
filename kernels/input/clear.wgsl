// Zeros, a word a lane.

override words: u32;

#binding var<storage, read_write> cleared: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i < words) { cleared[i] = 0u; }
}
