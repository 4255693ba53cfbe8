// The parameters of a Linear layer, four to a vector: weight [features][outputs], then bias [outputs]
// where it has one. Software drivers read a uniform buffer faster; it holds 64 KiB at most.

#if uniform_parameters
#binding var<uniform> parameters: array<vec4<f32>, ${parameter_quads}>;
fn parameters_at(i: u32) -> vec4<f32> {
  return parameters[i];
}
#else
#reads parameters: vec4<f32>;
#end

fn parameter(i: u32) -> f32 {
#if uniform_parameters
  return parameters[i >> 2u][i & 3u];
#else
  return parameters_at(i >> 2u)[i & 3u];
#end
}

// Parameters i ... i + 3, of which those past the last are anything; i is a multiple of 4 if the
// outputs are.
fn parameter_quad(i: u32) -> vec4<f32> {
#if outputs % 4 == 0
  return parameters_at(min(i >> 2u, ${parameter_quads - 1}u));
#else
  return vec4<f32>(
#for o in 0..4
    parameter(min(i + ${o}u, ${4 * parameter_quads - 1}u)),
#end
  );
#end
}
