// The bits of a block's words of spikes that are time steps of a sample, not after its end.
#include lib/lengths

fn own_steps(sample: u32, block: u32) -> vec4<u32> {
  let first = (vec4<i32>(i32(block * 4u)) + vec4<i32>(0, 1, 2, 3)) * ${word_steps};
  let left = clamp(vec4<i32>(i32(lengths[sample])) - first, vec4<i32>(0), vec4<i32>(${word_steps}));
  let shift = vec4<u32>(vec4<i32>(32) - left) & vec4<u32>(31u);
  return select(vec4<u32>(0u), vec4<u32>(0xffffffffu) >> shift, left > vec4<i32>(0));
}
