// A gradient times a factor, in place: that of spikes that count more than 1. Four numbers a lane.

override quads: u32;
override factor: f32;

#binding var<storage, read_write> values: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i < quads) { values[i] *= factor; }
}
