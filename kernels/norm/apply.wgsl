// Batch norm, from what its numbers are normalised by to the numbers: y = scale x + shift, or on the way
// back the gradient of x, c.x * gradient of y + c.y * x + c.z. One lane has four time steps of a number, which
// is read by x_quad, its gradient by gradient_quad, and what comes out is stored by store_result.

override numbers: u32;   // batch * size
override size: u32;      // numbers of a sample
override steps: u32;     // T

#if gradients
#if lengths
#include lib/lengths
#end
#binding var<storage, read> coefficients: array<vec4<f32>>;  // [channels]
#else
#binding var<storage, read> affine: array<vec4<f32>>;        // [channels]
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / ${quads}u;
  let quad = i % ${quads}u;
  if (n >= numbers) { return; }
  let sample = n / size;
  let place = n % size;
  let channel = place / ${places}u;
#if gradients
  let c = coefficients[channel];
#if lengths
  let steps = lengths[sample];
#end
#if constant
  // The gradient is that of all time steps, at each of which x is the same.
  let own = c.x * gradient_quad(sample, place, quad) + f32(steps) * (c.y * x_quad(sample, place, quad) + c.z);
  store_result(sample, place, quad, select(vec4<f32>(0.0), own, sample < step.samples));
#else
  let own = c.x * gradient_quad(sample, place, quad) + c.y * x_quad(sample, place, quad) + c.z;
  let live = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(steps);
  store_result(sample, place, quad, select(vec4<f32>(0.0), own, live & vec4<bool>(sample < step.samples)));
#end
#else
  let norm = affine[channel];
  store_result(sample, place, quad, x_quad(sample, place, quad) * norm.x + norm.y);
#end
}
