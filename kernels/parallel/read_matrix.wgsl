// Reads the matrix of matrix.wgsl: the charges of quad t by the input 4 * quad s + j, and their bias.

#reads matrix: vec4<f32>;  // [quads of t][4 quads + 1]

fn column(t: u32, s: u32, j: u32) -> vec4<f32> {
  return matrix_at(t * ${4 * quads + 1}u + s * 4u + j);
}

fn bias_of(t: u32) -> vec4<f32> {
  return matrix_at(t * ${4 * quads + 1}u + ${4 * quads}u);
}
