// What a shortcut and the layers beside it make of spikes, which are spikes again: of `iand` those of the shortcut
// without those of the layers, else those that both have. A lane does all time steps of a neuron.

override numbers: u32;   // batch * size

#reads a: u32;                                               // [words][numbers]
#reads b: u32;                                               // [words][numbers]
#binding var<storage, read_write> result: array<u32>;        // [words][numbers]
#binding var<storage, read_write> result_counts: array<u32>; // [numbers]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= numbers) { return; }
  var count = 0u;
  for (var word = 0u; word < ${words}u; word++) {
    let at = word * numbers + n;
#if iand
    let spikes = a_at(at) & ~b_at(at);
#else
    let spikes = a_at(at) & b_at(at);
#end
    result[at] = spikes;
    count += countOneBits(spikes);
  }
  result_counts[n] = count;
}
