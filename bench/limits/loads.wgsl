// Loads alone: a lane adds up `loads` fours of numbers, each from another place.

#if uniform_buffer
#binding var<uniform> numbers: array<vec4<f32>, ${fours}>;
fn numbers_at(i: u32) -> vec4<f32> {
  return numbers[i];
}
#else
#reads numbers: vec4<f32>;
#end
#binding var<storage, read_write> sums: array<vec4<f32>>;  // [lanes]

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = vec4<f32>(0.0);
  for (var i = 0u; i < ${loads}u; i += 4u) {
    sum += (numbers_at((id.x + i) & ${fours - 1}u) + numbers_at((id.x + i + 1u) & ${fours - 1}u)) +
      (numbers_at((id.x + i + 2u) & ${fours - 1}u) + numbers_at((id.x + i + 3u) & ${fours - 1}u));
  }
  sums[id.x] = sum;
}
