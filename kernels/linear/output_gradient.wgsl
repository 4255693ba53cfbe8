// The gradient of a matrix product's output, in quads: of time steps or, where the output is the same at
// each of them, of samples, of which a row then stands for four. With lib/quads.

// dense, of batch * output_size numbers, or f32 `[batch][output_size]`, four to a vector
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
fn sample_gradient(sample: u32, place: u32) -> f32 {
  let i = min(sample, batch - 1u) * ${output_size}u + place;
  return select(0.0, output_gradient_at(i >> 2u)[i & 3u], sample < batch);
}

fn output_gradient_quad(quad: u32, sample: u32, place: u32) -> vec4<f32> {
  return vec4<f32>(
#for s in 0..4
    sample_gradient(4u * sample + ${s}u, place),
#end
  );
}
#else
fn output_gradient_quad(quad: u32, sample: u32, place: u32) -> vec4<f32> {
  return output_gradient_at(quad_at(quad, sample * ${output_size}u + place));
}
#end
