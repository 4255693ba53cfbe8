// Adam (Kingma and Ba, 2015; torch.optim.Adam): sums the copies of the gradient and updates the
// parameters and the two moments. One lane updates four parameters.
// step.optimizer: x = learning rate / (1 - beta1^n), y = 1 / sqrt(1 - beta2^n), n the step from 1.

override copies: u32;
override quads: u32;   // parameters / 4, rounded up
override beta1: f32;
override beta2: f32;
override one_minus_beta1: f32;  // not from the rounded beta, which would lose half of the digits
override one_minus_beta2: f32;
override epsilon: f32;

@group(0) @binding(0) var<storage, read> step: Step;
@group(0) @binding(1) var<storage, read> gradient: array<vec4<f32>>;             // [copies][quads]
@group(0) @binding(2) var<storage, read_write> parameters: array<vec4<f32>>;     // [quads]
@group(0) @binding(3) var<storage, read_write> first_moment: array<vec4<f32>>;   // [quads]
@group(0) @binding(4) var<storage, read_write> second_moment: array<vec4<f32>>;  // [quads]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= quads) { return; }
  var g = gradient[i];
  for (var copy = 1u; copy < copies; copy++) { g += gradient[copy * quads + i]; }
  let m = beta1 * first_moment[i] + one_minus_beta1 * g;
  let v = beta2 * second_moment[i] + one_minus_beta2 * g * g;
  first_moment[i] = m;
  second_moment[i] = v;
  parameters[i] -= step.optimizer.x * m / (sqrt(v) * step.optimizer.y + epsilon);
}
