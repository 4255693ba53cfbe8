// What a Linear layer reads: spikes, one bit for each (time step, sample, feature). A block is
// `block_quads` quads of time steps, which lie in one word. `delayed` reads what was fired one time step before.

#reads input: vec4<u32>;  // u32 [ceil(T / 32)][rows * features], four to a vector

// A run is four features.
alias Site = u32;

fn site_of(run: u32, group: u32) -> Site {
  return run;
}

fn fours_of(four: Site) -> u32 {
  return 1u;
}

fn feature_of(four: Site, part: u32, e: u32) -> u32 {
#if features % 4 == 0
  return 4u * four + e;
#else
  return min(4u * four + e, features - 1u);
#end
}

fn has_feature(four: Site, part: u32, e: u32) -> bool {
  return 4u * four + e < features;
}

// The words of four features, the block's first time step at bit 0.
alias Run = vec4<u32>;

// Those of a row; features past the last are 0.
fn input_run(block: u32, row: Row, four: Site) -> Run {
  let word = (block * ${block_quads}u) >> 3u;
  let shift = vec4<u32>(((block * ${block_quads}u) & 7u) * 4u);
  let at = (word * batch + row.sample) * features + 4u * four;
#if delayed
  let stride = batch * features;
  let before = select(vec4<u32>(0u), words_at(max(at, stride) - stride, four), word > 0u);
  return ((words_at(at, four) << vec4<u32>(1u)) | (before >> vec4<u32>(31u))) >> shift;
#else
  return words_at(at, four) >> shift;
#end
}

fn words_at(at: u32, four: Site) -> vec4<u32> {
#if features % 4 == 0
  return input_at(at >> 2u);
#else
  return vec4<u32>(
#for e in 0..4
    select(0u, input_at((at + ${e}u) >> 2u)[(at + ${e}u) & 3u], 4u * four + ${e}u < features),
#end
  );
#end
}

// Quad q of the block, of feature e.
#for e in 0..4
#for q in 0..block_quads
fn input_${e}_${q}(run: Run) -> vec4<f32> {
  return vec4<f32>(bitcast<vec4<i32>>(vec4<u32>(run[${e}]) >> vec4<u32>(${4 * q}u, ${4 * q + 1}u, ${4 * q + 2}u, ${4 * q + 3}u)) & vec4<i32>(1));
}
#end
#end
