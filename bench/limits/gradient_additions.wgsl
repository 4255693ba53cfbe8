// Adds to `own` numbers of a lane's own gradient for a number of pixels. Which pixels doesn't matter.

override lanes: u32;
override pixels: u32;
override features: u32;

#binding var<storage, read_write> gradient: array<f32>;  // [lanes][features][own]

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= lanes) { return; }
  for (var i = 0u; i < pixels; i++) {
    let feature = (i * 0x9e3779b9u >> 16u) % features;
#for o in 0..own
    gradient[(id.x * features + feature) * ${own}u + ${o}u] += 1.0;
#end
  }
}
