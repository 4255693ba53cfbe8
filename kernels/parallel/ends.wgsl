// When the samples of neurons end.

#if lengths
#include lib/lengths
#end

override neurons: u32;  // of all samples

// After how many time steps its sample ends.
fn end_of(n: u32) -> u32 {
#if lengths
  return lengths[n / ${size}u];
#else
  return ${steps}u;
#end
}

// Which of four time steps are before an end.
fn before(quad: u32, end: u32) -> vec4<bool> {
  return vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(end);
}
