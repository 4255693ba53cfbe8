// A gradient is added to another of the same layout, or takes its place.

override quads: u32;

#reads source: vec4<f32>;
#if adds
#updates target_values: vec4<f32>;
#else
#binding var<storage, read_write> target_values: array<vec4<f32>>;
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= quads) { return; }
#if adds
  target_values[i] = target_values_at(i) + source_at(i);
#else
  target_values[i] = source_at(i);
#end
}
