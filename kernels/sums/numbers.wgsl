// Adds whole numbers of a step's samples, over all their time steps, to what each place has had so far: a
// number is as many spikes. x_quad reads them. A lane takes some of the samples of a place.

override features: u32;
override quads: u32;   // fours of time steps

#binding var<uniform> step: Step;
#binding var<storage, read_write> spike_sums: array<atomic<u32>>;  // [features]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let feature = i % features;
  let first = i / features * ${lane_samples}u;
  let end = min(first + ${lane_samples}u, step.samples);
  var sum = 0u;
  for (var sample = first; sample < end; sample++) {
    for (var quad = 0u; quad < quads; quad++) {
      let four = vec4<u32>(x_quad(sample, feature, quad) + 0.5);
      let steps = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${steps}u);
      let counted = select(vec4<u32>(0u), four, steps);
      sum += counted.x + counted.y + counted.z + counted.w;
    }
  }
  if (first < step.samples) { atomicAdd(&spike_sums[feature], sum); }
}
