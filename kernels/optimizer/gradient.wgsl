// What every optimizer begins with. Parameters, gradients and what an optimizer keeps of them lie in
// quads of four f32; one lane updates one quad.

#include lib/batch

override copies: u32;  // of the gradient
override quads: u32;   // parameters / 4, rounded up

#binding var<uniform> step: Step;
#updates parameters: vec4<f32>;   // [quads]; first, as in kernels/linear, whose copy it finds
#reads gradient: vec4<f32>;       // [copies][quads]

const LANES = 64u;  // of a workgroup

// The quad of a lane; lanes are counted over x and y.
fn quad_of(id: vec3<u32>, groups: vec3<u32>) -> u32 {
  return id.x + id.y * groups.x * LANES;
}

// The gradient of quad i: its copies added up.
fn gradient_of(i: u32) -> vec4<f32> {
  var sum = gradient_at(i);
  for (var copy = 1u; copy < copies; copy++) { sum += gradient_at(copy * quads + i); }
  return sum;
}
