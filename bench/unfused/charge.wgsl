// One time step of many LIF neurons: the potential charges, h = v + (x - (v - v_reset)) / tau.

override tau: f32;
override v_reset: f32;

@group(0) @binding(0) var<uniform> step: u32;
@group(0) @binding(1) var<storage, read> current: array<f32>;        // [T][N]
@group(0) @binding(2) var<storage, read> potential: array<f32>;      // [N], v before the step
@group(0) @binding(3) var<storage, read_write> charged: array<f32>;  // [T][N], h

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= arrayLength(&potential)) { return; }
  let at = step * arrayLength(&potential) + n;
  let v = potential[n];
  charged[at] = v + (current[at] - (v - v_reset)) / tau;
}
