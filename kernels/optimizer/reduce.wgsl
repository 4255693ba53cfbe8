// The gradient of a step in one piece: the copies added up, times `scale` and, where an update has several
// steps, added to that of the steps before. One lane takes a quad.

#include lib/batch
#include lib/turns

override quads: u32;   // parameters / 4, rounded up
override scale: f32;   // 1 / steps of an update, times what the step counts

#binding var<uniform> step: Step;
#binding var<storage, read> gradient: array<vec4<f32>>;       // [copies][quads]
#binding var<storage, read_write> total: array<vec4<f32>>;    // [quads]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= quads) { return; }
  var sum = gradient[i];
  for (var copy = 1u; copy < turns(${copies}u, groups); copy++) { sum += gradient[copy * quads + i]; }
  total[i] = select(vec4<f32>(0.0), total[i], step.adds != 0u) + sum * scale;
}
