// The reverse of reset.wgsl: from dL/dv after the step, its shares in dL/dh and in dL/ds.

override v_reset: f32;

@group(0) @binding(0) var<uniform> step: u32;
@group(0) @binding(1) var<storage, read> charged: array<f32>;                // [T][N], h
@group(0) @binding(2) var<storage, read> spikes: array<f32>;                 // [T][N]
@group(0) @binding(3) var<storage, read> potential_gradient: array<f32>;     // [N], dL/dv
@group(0) @binding(4) var<storage, read_write> charged_gradient: array<f32>; // [N], dL/dh so far
@group(0) @binding(5) var<storage, read_write> reset_gradient: array<f32>;   // [N], dL/ds of the reset

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= arrayLength(&potential_gradient)) { return; }
  let at = step * arrayLength(&potential_gradient) + n;
  let gv = potential_gradient[n];
  charged_gradient[n] = gv * (1.0 - spikes[at]);
  reset_gradient[n] = gv * (v_reset - charged[at]);
}
