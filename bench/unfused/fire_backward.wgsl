// The reverse of fire.wgsl: dL/ds goes on to dL/dh through the derivative of the arc tangent.

override v_threshold: f32;
override alpha: f32;

const HALF_PI: f32 = 1.5707963267948966;

@group(0) @binding(0) var<uniform> step: u32;
@group(0) @binding(1) var<storage, read> charged: array<f32>;                // [T][N], h
@group(0) @binding(2) var<storage, read> spike_gradient: array<f32>;         // [T][N], dL/ds of the loss
@group(0) @binding(3) var<storage, read> reset_gradient: array<f32>;         // [N], dL/ds of the reset
@group(0) @binding(4) var<storage, read_write> charged_gradient: array<f32>; // [N], dL/dh

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= arrayLength(&reset_gradient)) { return; }
  let at = step * arrayLength(&reset_gradient) + n;
  let z = HALF_PI * alpha * (charged[at] - v_threshold);
  let surrogate = 0.5 * alpha / (1.0 + z * z);
  charged_gradient[n] += (spike_gradient[at] + reset_gradient[n]) * surrogate;
}
