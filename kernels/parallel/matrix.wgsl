// The matrix by which inputs over time are multiplied, from what is learned. A vector has four charges t, and for
// them one input s; behind those of all inputs is their bias. What is past T is 0.
//
// mask.wgsl stands before this.

#binding var<storage, read> parameters: array<f32>;
#binding var<storage, read_write> matrix: array<vec4<f32>>;  // [quads of t][COLUMNS]

fn element(t: u32, s: u32) -> f32 {
  if (t >= ${steps}u) { return 0.0; }
#if slides
  if (s == COLUMNS - 1u) { return parameters[BIAS]; }
  if ((s > t) | (s + ${order}u <= t)) { return 0.0; }
  return parameters[s + ${order - 1}u - t];
#else
  if (s == COLUMNS - 1u) { return parameters[BIAS + t]; }
  if (s >= ${steps}u) { return 0.0; }
#if masked
  return mask(t, s) * parameters[t * ${steps}u + s];
#else
  return parameters[t * ${steps}u + s];
#end
#end
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= ${quads}u * COLUMNS) { return; }
  let s = i % COLUMNS;
  var value = vec4<f32>(0.0);
  for (var r = 0u; r < 4u; r++) { value[r] = element(i / COLUMNS * 4u + r, s); }
  matrix[i] = value;
}
