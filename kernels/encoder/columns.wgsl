// The last dimension of a sample becomes time: of a picture its columns, one after the other. Read by
// picture_quad, the same at each time step, and stored by store_values. One lane copies four time steps of a
// place.

override numbers: u32;   // batch * size
override size: u32;      // places of a time step
override columns: u32;   // T
#if lengths
#include lib/lengths
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= numbers) { return; }
  let sample = n / size;
  let place = n % size;
  var value = vec4<f32>(0.0);
#for t in 0..4
  if (quad * 4u + ${t}u < columns) { value[${t}] = picture_quad(sample, place * columns + quad * 4u + ${t}u, 0u).x; }
#end
#if lengths
  let t = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u);
  value = select(vec4<f32>(0.0), value, t < vec4<u32>(lengths[sample]));
#end
  store_values(sample, place, quad, value);
}
