// What batch norm needs of the numbers of each channel, over time, samples and places: how many, their mean
// and their squared deviations from it; or, on the way back, the sums of the gradients and of gradient *
// normalised number. A lane sums a part of a channel, whose numbers are read by x_quad, and their gradients
// by gradient_quad. Samples of an incomplete batch and time steps past T are left out.

override steps: u32;     // T, or 1 where the numbers are the same at each time step

#if gradients
#binding var<storage, read> affine: array<vec4<f32>>;          // [channels]: scale, shift, mean, 1 / deviation
#end
#binding var<storage, read_write> partials: array<vec4<f32>>;  // [parts][channels]

fn live(quad: u32) -> vec4<bool> {
  return vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(steps);
}

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
  var total = vec4<f32>(0.0);
  var products = vec4<f32>(0.0);
  for (var k = first; k < end; k++) {
    let sample = k / ${places}u;
    let place = channel * ${places}u + k % ${places}u;
    for (var quad = 0u; quad < ${quads}u; quad++) {
      let g = select(vec4<f32>(0.0), gradient_quad(sample, place, quad), live(quad));
      total += g;
      products += select(vec4<f32>(0.0), g * (x_quad(sample, place, quad) - norm.z) * norm.w, live(quad));
    }
  }
  partials[part * ${channels}u + channel] = vec4<f32>(
    dot(total, vec4<f32>(1.0)),
    dot(products, vec4<f32>(1.0)),
    0.0,
    0.0,
  );
#else
  var total = vec4<f32>(0.0);
  for (var k = first; k < end; k++) {
    let sample = k / ${places}u;
    let place = channel * ${places}u + k % ${places}u;
    for (var quad = 0u; quad < ${quads}u; quad++) {
      total += select(vec4<f32>(0.0), x_quad(sample, place, quad), live(quad));
    }
  }
  let count = f32((max(end, first) - first) * steps);
  let mean = dot(total, vec4<f32>(1.0)) / max(count, 1.0);
  var squares = vec4<f32>(0.0);
  for (var k = first; k < end; k++) {
    let sample = k / ${places}u;
    let place = channel * ${places}u + k % ${places}u;
    for (var quad = 0u; quad < ${quads}u; quad++) {
      let d = select(vec4<f32>(0.0), x_quad(sample, place, quad) - mean, live(quad));
      squares += d * d;
    }
  }
  partials[part * ${channels}u + channel] = vec4<f32>(count, mean, dot(squares, vec4<f32>(1.0)), 0.0);
#end
}
