// A gain for each feature, forward: y[t] = gain x[t]; backward: gx[t] = gain g[t], and the gain's
// gradient is the sum of x g over time steps and samples. A lane has a feature.

#binding var<storage, read> gain: array<f32>;
#if backward
#binding var<storage, read_write> gradient: array<f32>;
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let feature = id.x;
  if (feature >= ${features}u) { return; }
  var sum = 0.0;
  for (var sample = 0u; sample < ${batch}u; sample++) {
    for (var quad = 0u; quad < ${(steps + 3) / 4}u; quad++) {
      let x = x_quad(sample, feature, quad);
#if backward
      let g = g_quad(sample, feature, quad);
      let isStep = 4u * quad + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${steps}u);
      sum += dot(select(vec4<f32>(), x * g, isStep), vec4<f32>(1.0));
      store_gx(sample, feature, quad, gain[feature] * g);
#else
      store_y(sample, feature, quad, gain[feature] * x);
#end
    }
  }
#if backward
  gradient[feature] = sum;
#end
}
