// The gradient of what is learned, from the parts of that of the matrix. A lane has a number: where weights slide
// it adds up all of the matrix that is it.
//
// mask.wgsl stands before this.

override learned: u32;  // numbers
override copies: u32;   // of the parts

#binding var<storage, read> partials: array<f32>;        // [copies][quads of t][COLUMNS][4]
#binding var<storage, read_write> gradient: array<f32>;  // [learned]

fn element(t: u32, s: u32) -> f32 {
  var sum = 0.0;
  for (var copy = 0u; copy < copies; copy++) {
    sum += partials[((copy * ${quads}u + t / 4u) * COLUMNS + s) * 4u + t % 4u];
  }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= learned) { return; }
#if slides
  var sum = 0.0;
  let back = ${order - 1}u - min(i, ${order - 1}u);
  let first = select(back, 0u, i == BIAS);
  for (var t = first; t < ${steps}u; t++) { sum += element(t, select(t - back, COLUMNS - 1u, i == BIAS)); }
  gradient[i] = sum;
#else
  let t = i / ${steps}u;
  let s = i % ${steps}u;
  if (i >= BIAS) {
    gradient[i] = element(i - BIAS, COLUMNS - 1u);
    return;
  }
#if masked
  gradient[i] = mask(t, s) * element(t, s);
#else
  gradient[i] = element(t, s);
#end
#end
}
