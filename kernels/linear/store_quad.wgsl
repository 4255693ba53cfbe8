// What a matrix product stores, in quads: of time steps or, where the signal is the same at each of them,
// of samples, of which a row then stands for four. `size` are the numbers of a sample. With lib/quads.

#if constant
#binding var<storage, read_write> result: array<f32>;        // [batch][size]

fn store_quad(quad: u32, sample: u32, place: u32, size: u32, value: vec4<f32>) {
#for s in 0..4
  if (4u * sample + ${s}u < batch) { result[(4u * sample + ${s}u) * size + place] = value[${s}]; }
#end
}
#else
#binding var<storage, read_write> result: array<vec4<f32>>;  // dense, of batch * size numbers

fn store_quad(quad: u32, sample: u32, place: u32, size: u32, value: vec4<f32>) {
  result[quad_at(quad, sample * size + place)] = value;
}
#end
