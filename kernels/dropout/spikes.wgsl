// Dropout of spikes: a neuron's spikes are copied, or none of them are. What remains counts
// 1 / (1 - p) times in a step that learns, which is left to who reads the spikes. One lane copies the
// time steps of one neuron.

#include dropout/keep

override words: u32;   // ceil(T / 32)

#binding var<storage, read> input: array<u32>;               // [words][neurons]
#binding var<storage, read> input_counts: array<u32>;        // [neurons]
#binding var<storage, read_write> spikes: array<u32>;        // [words][neurons]
#binding var<storage, read_write> counts: array<u32>;        // [neurons]

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * LANES;
  if (n >= neurons) { return; }
  let mask = select(0u, 0xffffffffu, keeps(n));
  for (var word = 0u; word < words; word++) {
    spikes[word * neurons + n] = input[word * neurons + n] & mask;
  }
  counts[n] = input_counts[n] & mask;
}
