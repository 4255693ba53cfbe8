// What a shortcut and the layers beside it make together: the sum of two signals, or a product of them.
// a_quad reads the shortcut, b_quad what the layers give, store_result stores. One lane does four time
// steps of a number.

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
#if and
  store_result(sample, place, quad, a * b);
#else
#if iand
  store_result(sample, place, quad, a * (1.0 - b));
#else
  store_result(sample, place, quad, a + b);
#end
#end
}
