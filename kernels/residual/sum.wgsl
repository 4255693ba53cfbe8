// A gradient over time, added up over T.

#include lib/quads

override numbers: u32;

#reads gradient: vec4<f32>;                               // numbers over time
#binding var<storage, read_write> total: array<f32>;      // [numbers]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= numbers) { return; }
  var sum = vec4<f32>(0.0);
  for (var quad = 0u; quad < ${quads}u; quad++) {
    let t = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u);
    sum += select(vec4<f32>(0.0), gradient_at(quad_at(quad, n)), t < vec4<u32>(${steps}u));
  }
  total[n] = (sum.x + sum.y) + (sum.z + sum.w);
}
