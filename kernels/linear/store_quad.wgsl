// What a kernel of a Linear layer stores, in quads: of time steps or, where the signal is the same at
// each of them, of samples. `width` are the features of a sample. With lib/quads.

#if constant
#binding var<storage, read_write> result: array<f32>;        // [batch][width]

fn store_quad(quad: u32, row: u32, i: u32, width: u32, value: vec4<f32>) {
#for s in 0..4
  if (4u * row + ${s}u < batch) { result[(4u * row + ${s}u) * width + i] = value[${s}]; }
#end
}
#else
#binding var<storage, read_write> result: array<vec4<f32>>;  // dense, of rows * width numbers

fn store_quad(quad: u32, row: u32, i: u32, width: u32, value: vec4<f32>) {
  result[quad_at(quad, row * width + i)] = value;
}
#end
