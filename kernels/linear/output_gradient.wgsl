// The gradient of a Linear layer's output, in quads: of time steps or, where the output is the same at
// each of them, of samples. With lib/quads.

// dense, of rows * outputs numbers, or f32 `[batch][outputs]`, four to a vector
#if uniform_gradient
#binding var<uniform> output_gradient: array<vec4<f32>, ${gradient_quads}>;
fn output_gradient_at(i: u32) -> vec4<f32> {
  return output_gradient[i];
}
#else
#reads output_gradient: vec4<f32>;
#end

#if constant
// That of a sample; 0 past the last.
fn sample_gradient(sample: u32, output: u32) -> f32 {
  let i = min(sample, batch - 1u) * outputs + output;
  return select(0.0, output_gradient_at(i >> 2u)[i & 3u], sample < batch);
}

fn output_gradient_quad(quad: u32, row: u32, output: u32) -> vec4<f32> {
  return vec4<f32>(
#for s in 0..4
    sample_gradient(4u * row + ${s}u, output),
#end
  );
}
#else
fn output_gradient_quad(quad: u32, row: u32, output: u32) -> vec4<f32> {
  return output_gradient_at(quad_at(quad, row * outputs + output));
}
#end
