// The parameters of a Linear layer, four to a vector: weight [features][outputs], then bias [outputs]
// where it has one. Software drivers read a uniform buffer faster; it holds 64 KiB at most.

#if uniform_parameters
#binding var<uniform> parameters: array<vec4<f32>, ${parameter_quads}>;
#else
#binding var<storage, read> parameters: array<vec4<f32>>;
#end

fn parameter(i: u32) -> f32 {
  return parameters[i / 4u][i % 4u];
}
