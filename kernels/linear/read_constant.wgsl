// What a Linear layer reads: a number for each (sample, feature), the same at each time step. A row is
// four samples, whose numbers take the place of a quad of time steps.

#reads input: vec4<f32>;  // f32 [batch][features]

// The quads of four features in a row, one a column.
alias Four = mat4x4<f32>;

fn sample_four(sample: u32, four: u32) -> vec4<f32> {
  let at = min(sample, batch - 1u) * features + 4u * four;
#if features % 4 == 0
  return input_at(at >> 2u);
#else
  return vec4<f32>(
#for e in 0..4
    select(0.0, input_at((at + ${e}u) >> 2u)[(at + ${e}u) & 3u], 4u * four + ${e}u < features),
#end
  );
#end
}

// Four features from 4 * four on; those past the last are 0.
fn input_four(block: u32, row: u32, four: u32) -> Four {
  return transpose(Four(
#for s in 0..4
    sample_four(4u * row + ${s}u, four),
#end
  ));
}

// The quad of one of the features.
fn input_quad(quad: vec4<f32>, q: u32) -> vec4<f32> {
  return quad;
}
