// One time step of many LIF neurons: those fire whose potential has reached the threshold.

override v_threshold: f32;
override neurons: u32;

@group(0) @binding(0) var<uniform> step: u32;
@group(0) @binding(1) var<storage, read> charged: array<f32>;       // [T][N], h
@group(0) @binding(2) var<storage, read_write> spikes: array<f32>;  // [T][N]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= neurons) { return; }
  let at = step * neurons + n;
  spikes[at] = select(0.0, 1.0, charged[at] >= v_threshold);
}
