// Spikes as numbers over time, read by spikes_quad and stored by store_values. One lane copies four time
// steps of a place.

override numbers: u32;   // batch * size
override size: u32;      // places of a sample

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= numbers) { return; }
  let sample = n / size;
  let place = n % size;
  store_values(sample, place, quad, spikes_quad(sample, place, quad));
}
