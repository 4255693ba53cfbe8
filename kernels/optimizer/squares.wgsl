// The squares of a parameter's gradient, added up in a fixed order: one workgroup. What fills the last quad
// up isn't counted.

override size: u32;    // numbers
override place: u32;   // of the parameter in the list

#binding var<storage, read> gradient: array<vec4<f32>>;    // [quads]
#binding var<storage, read_write> squares: array<f32>;     // [parameters]

const LANES = 256u;
var<workgroup> partial: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; 4u * i < size; i += LANES) {
    let counts = vec4<u32>(4u * i) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(size);
    let g = select(vec4<f32>(0.0), gradient[i], counts);
    sum += dot(g, g);
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { squares[place] = partial[0]; }
}
