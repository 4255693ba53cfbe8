// One time step of many LIF neurons: the hard reset, v = (1 - s) h + s v_reset.

override v_reset: f32;

@group(0) @binding(0) var<uniform> step: u32;
@group(0) @binding(1) var<storage, read> charged: array<f32>;          // [T][N], h
@group(0) @binding(2) var<storage, read> spikes: array<f32>;           // [T][N]
@group(0) @binding(3) var<storage, read_write> potential: array<f32>;  // [N], v after the step

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= arrayLength(&potential)) { return; }
  let at = step * arrayLength(&potential) + n;
  let s = spikes[at];
  potential[n] = (1.0 - s) * charged[at] + s * v_reset;
}
