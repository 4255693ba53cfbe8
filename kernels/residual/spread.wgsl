// A gradient that is the same at each time step, as one over time; 0 past T.

#include lib/quads

override numbers: u32;

#reads constant: f32;                                           // [numbers]
#binding var<storage, read_write> gradient: array<vec4<f32>>;   // numbers over time

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= numbers) { return; }
  let t = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u);
  gradient[quad_at(quad, n)] = select(vec4<f32>(0.0), vec4<f32>(constant_at(n)), t < vec4<u32>(${steps}u));
}
