// What sums.wgsl adds up, of samples that end before T: what is past a sample's end is left out, and a number
// that is the same at each time step counts as often as its sample has those. On the way back the third sum is
// how many numbers there are.

#include lib/lengths
#if gradients
#binding var<storage, read> affine: array<vec4<f32>>;          // [channels]: scale, shift, mean, 1 / deviation
#end
#binding var<storage, read_write> partials: array<vec4<f32>>;  // [parts][channels]

// Four time steps of a sample, 0 past its end.
fn own(sample: u32, quad: u32, values: vec4<f32>) -> vec4<f32> {
#if constant
  return vec4<f32>(values.x, 0.0, 0.0, 0.0);
#else
  let t = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u);
  return select(vec4<f32>(0.0), values, t < vec4<u32>(lengths[sample]));
#end
}

#if !gradients
// How often a number counts.
fn repeats(sample: u32) -> f32 {
#if constant
  return f32(lengths[sample]);
#else
  return 1.0;
#end
}
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let channel = i % ${channels}u;
  let part = i / ${channels}u;
  if (part >= ${parts}u) { return; }
  let first = part * ${share}u;
  let end = min(first + ${share}u, step.samples * ${places}u);
#if gradients
  let norm = affine[channel];
  var products = vec4<f32>(0.0);
#end
  var count = 0.0;
  var total = vec4<f32>(0.0);
  for (var k = first; k < end; k++) {
    let sample = k / ${places}u;
    let place = channel * ${places}u + k % ${places}u;
    count += f32(lengths[sample]);
    for (var quad = 0u; quad < ${quads}u; quad++) {
      let x = x_quad(sample, place, quad);
#if gradients
      let g = own(sample, quad, gradient_quad(sample, place, quad));
      total += g;
      products += own(sample, quad, g * (x - norm.z) * norm.w);
#else
      total += repeats(sample) * own(sample, quad, x);
#end
    }
  }
  let sum = dot(total, vec4<f32>(1.0));
#if gradients
  partials[part * ${channels}u + channel] = vec4<f32>(sum, dot(products, vec4<f32>(1.0)), count, 0.0);
#else
  let mean = sum / max(count, 1.0);
  var squares = vec4<f32>(0.0);
  for (var k = first; k < end; k++) {
    let sample = k / ${places}u;
    let place = channel * ${places}u + k % ${places}u;
    for (var quad = 0u; quad < ${quads}u; quad++) {
      let d = x_quad(sample, place, quad) - mean;
      squares += repeats(sample) * own(sample, quad, d * d);
    }
  }
  partials[part * ${channels}u + channel] = vec4<f32>(count, mean, dot(squares, vec4<f32>(1.0)), 0.0);
#end
}
