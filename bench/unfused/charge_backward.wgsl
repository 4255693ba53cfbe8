// The reverse of charge.wgsl: from dL/dh, dL/dx of the step and dL/dv of the step before.

override tau: f32;

@group(0) @binding(0) var<uniform> step: u32;
@group(0) @binding(1) var<storage, read> charged_gradient: array<f32>;         // [N], dL/dh
@group(0) @binding(2) var<storage, read_write> current_gradient: array<f32>;   // [T][N], dL/dx
@group(0) @binding(3) var<storage, read_write> potential_gradient: array<f32>; // [N], dL/dv

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= arrayLength(&potential_gradient)) { return; }
  let at = step * arrayLength(&potential_gradient) + n;
  let gh = charged_gradient[n];
  current_gradient[at] = gh / tau;
  potential_gradient[n] = gh * (1.0 - 1.0 / tau);
}
