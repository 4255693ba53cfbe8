// The gradients of a * b, or of a * (1 - b), for a and for b: of the shortcut, which a_quad reads, and of
// what the layers beside it give, which b_quad reads. g_quad reads the gradient of the product. One lane
// does four time steps of a number; past T they are 0.

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
  let a = a_quad(sample, place, quad);
  let b = b_quad(sample, place, quad);
  let t = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u);
  let g = select(vec4<f32>(0.0), g_quad(sample, place, quad), t < vec4<u32>(${steps}u));
#if iand
  store_for_a(sample, place, quad, g * (1.0 - b));
  store_for_b(sample, place, quad, -g * a);
#else
  store_for_a(sample, place, quad, g * b);
  store_for_b(sample, place, quad, g * a);
#end
}
