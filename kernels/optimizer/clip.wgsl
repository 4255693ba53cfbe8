// Clips a parameter's gradient: by the norm of all parameters' together (torch.nn.utils.clip_grad_norm_), or
// each number for itself (clip_grad_value_). One lane takes a quad.

override quads: u32;   // parameters / 4, rounded up
override most: f32;    // the largest norm, or the largest absolute value

#if by_norm
#binding var<storage, read> squares: array<f32>;               // [parameters]
#end
#binding var<storage, read_write> gradient: array<vec4<f32>>;  // [quads]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= quads) { return; }
#if by_norm
  var sum = 0.0;
  for (var p = 0u; p < ${parameters}u; p++) { sum += squares[p]; }
  gradient[i] = gradient[i] * min(1.0, most / (sqrt(sum) + 1e-6));
#else
  gradient[i] = clamp(gradient[i], vec4<f32>(-most), vec4<f32>(most));
#end
}
