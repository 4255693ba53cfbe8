// Loads alone: a lane adds up `loads` fours of numbers, each from another place, which it reads as products read
// their weights.

#include linear/parameters

#binding var<storage, read_write> sums: array<vec4<f32>>;  // [lanes]

fn four(i: u32) -> vec4<f32> {
  return parameters_at(i & ${parameter_quads - 1}u);
}

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = vec4<f32>(0.0);
  for (var i = id.x; i < id.x + ${loads}u; i += 4u) {
    sum += (four(i) + four(i + 1u)) + (four(i + 2u) + four(i + 3u));
  }
  sums[id.x] = sum;
}
