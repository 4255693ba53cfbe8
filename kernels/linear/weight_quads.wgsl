// The parameters of a Linear layer, four outputs at a time: weight [features][outputs], then bias
// [outputs] where it has one.

#if uniform_parameters
#binding var<uniform> parameters: array<vec4<f32>, ${parameter_quads}>;
fn quad_of_parameters(i: u32) -> vec4<f32> {
  return parameters[i];
}
#else
#reads parameters: vec4<f32>;
fn quad_of_parameters(i: u32) -> vec4<f32> {
  return parameters_at(i);
}
#end

// Parameters i ... i + 3; those past the last are anything.
fn parameter_quad(i: u32) -> vec4<f32> {
#if outputs % 4 == 0
  return quad_of_parameters(min(i / 4u, ${parameter_quads - 1}u));
#else
  return vec4<f32>(
#for o in 0..4
    quad_of_parameters(min((i + ${o}u) / 4u, ${parameter_quads - 1}u))[(i + ${o}u) % 4u],
#end
  );
#end
}
