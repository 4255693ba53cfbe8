// What a Linear layer reads: a number for each (time step, sample, feature). A row is a sample, a block
// one quad of time steps. With lib/quads.

#reads input: vec4<f32>;  // dense, of rows * features numbers

// The quads of four features in a row, one a column.
alias Four = mat4x4<f32>;

// Four features from 4 * four on; those past the last are 0.
fn input_four(block: u32, row: u32, four: u32) -> Four {
  let n = row * features + 4u * four;
  return Four(
#for e in 0..4
#if features % 4 == 0
    input_at(quad_at(block, n + ${e}u)),
#else
    select(vec4<f32>(0.0), input_at(quad_at(block, n + ${e}u)), 4u * four + ${e}u < features),
#end
#end
  );
}

// The quad of one of the features.
fn input_quad(quad: vec4<f32>, q: u32) -> vec4<f32> {
  return quad;
}
