// Adds how often the neurons of windows fired, a byte each (neuron/window_forward), to their sums. A lane has four
// neurons of a window, and all samples.

#include lib/batch

override windows: u32;  // of a sample, times words of each

#binding var<uniform> step: Step;
#binding var<storage, read> fired: array<u32>;              // [batch][channels][windows][window_words]
#binding var<storage, read_write> spike_sums: array<u32>;   // [channels][height][width]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= windows) { return; }
  var sums = vec4<u32>(0u);
  for (var sample = 0u; sample < step.samples; sample++) {
    sums += (vec4<u32>(fired[sample * windows + i]) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u);
  }
  let window = i / ${window_words}u;
  let channel = window / ${windows_down * windows_across}u;
  let window_y = window / ${windows_across}u % ${windows_down}u;
  let window_x = window % ${windows_across}u;
#for b in 0..4
  {
    let neuron = i % ${window_words}u * 4u + ${b}u;
    let y = window_y * ${pool}u + neuron / ${pool}u;
    let x = window_x * ${pool}u + neuron % ${pool}u;
    if ((neuron < ${pool * pool}u) & (y < ${height}u) & (x < ${width}u)) {
      spike_sums[(channel * ${height}u + y) * ${width}u + x] += sums[${b}];
    }
  }
#end
}
