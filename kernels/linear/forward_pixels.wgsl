// Linear layer on the images themselves: current[sample][output] = bias + sum over the sample's pixels
// of value / 255 * weight, the same at each time step. A lane computes a slice of `slice_quads` times
// four outputs of one sample; a workgroup has neighbouring slices, and workgroups that follow each other
// the same slices of other samples, whose weights are then in the cache.

#include lib/batch
#include lib/texel
#include linear/parameters

override features: u32;
override outputs: u32;
override slices: u32;

#binding var<storage, read> samples: array<Sample>;
#binding var pixels: texture_2d<u32>;                   // lists, see lib/events.wgsl
#binding var<storage, read_write> current: array<f32>;  // [batch][outputs]

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let sample = group.x;
  let slice = group.y * ${lanes}u + lane;
  let first = slice * ${4 * slice_quads}u;
  if (slice >= slices) { return; }
#for q in 0..slice_quads
  var sum_${q} = vec4<f32>(0.0);
#end
  let record = samples[sample];
  let texels = (record.events + 3u) / 4u;
  for (var i = 0u; i < texels; i++) {
    let four = textureLoad(pixels, texel(record.first + i), 0);
#for e in 0..4
    let at_${e} = (four[${e}] & 0xffffffu) * outputs + first;
    let value_${e} = f32(four[${e}] >> 24u);
#end
#for q in 0..slice_quads
    sum_${q} += (value_0 * parameter_quad(at_0 + ${4 * q}u) + value_1 * parameter_quad(at_1 + ${4 * q}u))
        + (value_2 * parameter_quad(at_2 + ${4 * q}u) + value_3 * parameter_quad(at_3 + ${4 * q}u));
#end
  }
#for q in 0..slice_quads
  {
#if bias
    let bias = parameter_quad(features * outputs + first + ${4 * q}u);
#else
    let bias = vec4<f32>(0.0);
#end
    let result = sum_${q} / 255.0 + bias;
#for o in 0..4
    if (first + ${4 * q + o}u < outputs) {
      current[sample * outputs + first + ${4 * q + o}u] = result[${o}];
    }
#end
  }
#end
}
