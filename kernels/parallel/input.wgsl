// What comes into neuron n, of all samples' neurons, at four time steps: 0 after its sample's end, and after T.
// x_quad (src/core/readers.ts) and ends.wgsl stand before this.

fn input_quad(n: u32, quad: u32, end: u32) -> vec4<f32> {
  // A signal's place is its number among those of all samples.
  let x = x_quad(0u, n, quad);
#if lengths || steps % 4 != 0
  return select(vec4<f32>(0.0), x, before(quad, end));
#else
  return x;
#end
}
