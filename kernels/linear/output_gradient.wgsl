// The gradient of a Linear layer's output, in quads: of time steps or, where the output is the same at
// each of them, of samples.

#if uniform_gradient
#if constant
#binding var<uniform> output_gradient: array<vec4<f32>, ${(batch * outputs + 3) / 4}>;  // f32 [batch][outputs]
#else
#binding var<uniform> output_gradient: array<vec4<f32>, ${quads * rows * outputs}>;     // [quads][rows * outputs]
#end
#else
#if constant
#binding var<storage, read> output_gradient: array<f32>;        // [batch][outputs]
#else
#binding var<storage, read> output_gradient: array<vec4<f32>>;  // [quads][rows * outputs]
#end
#end

#if constant
// That of a sample; 0 past the last.
fn sample_gradient(sample: u32, output: u32) -> f32 {
  let i = min(sample, batch - 1u) * outputs + output;
#if uniform_gradient
  let value = output_gradient[i / 4u][i % 4u];
#else
  let value = output_gradient[i];
#end
  return select(0.0, value, sample < batch);
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
  return output_gradient[(quad * rows + row) * outputs + output];
}
#end
