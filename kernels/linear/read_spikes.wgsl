// What a Linear layer reads: spikes, one bit for each (time step, sample, feature). A row is a sample,
// a block `block_quads` quads of time steps, which lie in one word.

#reads input: vec4<u32>;  // u32 [ceil(T / 32)][rows * features], four to a vector

// The words of four features in a row, the block's first time step at bit 0.
alias Four = vec4<u32>;

// Four features from 4 * four on; those past the last are 0.
fn input_four(block: u32, row: u32, four: u32) -> Four {
  let word = (block * ${block_quads}u) >> 3u;
  let shift = vec4<u32>(((block * ${block_quads}u) & 7u) * 4u);
  let at = (word * rows + row) * features + 4u * four;
#if features % 4 == 0
  return input_at(at >> 2u) >> shift;
#else
  return vec4<u32>(
#for e in 0..4
    select(0u, input_at((at + ${e}u) >> 2u)[(at + ${e}u) & 3u], 4u * four + ${e}u < features),
#end
  ) >> shift;
#end
}

// Quad q of the block, of one of the features.
fn input_quad(word: u32, q: u32) -> vec4<f32> {
  return vec4<f32>(bitcast<vec4<i32>>(vec4<u32>(word) >> vec4<u32>(4u * q, 4u * q + 1u, 4u * q + 2u, 4u * q + 3u)) & vec4<i32>(1));
}
