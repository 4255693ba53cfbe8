// The parameters of a Linear layer: weight [features][outputs], then bias [outputs] where it has one.
// Software drivers read a uniform buffer faster; it holds 64 KiB at most.

#if uniform_parameters
#binding var<uniform> parameters: array<vec4<f32>, ${parameter_quads}>;
fn parameter(i: u32) -> f32 {
  return parameters[i / 4u][i % 4u];
}
#else
#binding var<storage, read> parameters: array<f32>;
fn parameter(i: u32) -> f32 {
  return parameters[i];
}
#end
