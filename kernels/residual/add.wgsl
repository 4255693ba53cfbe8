// The sum of two signals, which are read by a_quad and b_quad and stored by store_total. One lane adds four
// time steps of a number.

override numbers: u32;   // batch * size
override size: u32;      // numbers of a sample

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= numbers) { return; }
  let sample = n / size;
  let place = n % size;
  store_total(sample, place, quad, a_quad(sample, place, quad) + b_quad(sample, place, quad));
}
