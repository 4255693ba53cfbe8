// Events: the spikes of each list entry come from the host, beside the list. One lane copies the time
// steps of one entry to the step's batch.

#include lib/batch
#include lib/events
#include lib/texel

override capacity: u32;    // entries a sample can have: places, rounded up to a multiple of 4
override blocks: u32;

#binding var<storage, read> samples: array<Sample>;
#texels listed;                                              // [4 * texels of entries][blocks]
#binding var spikes: texture_storage_2d<rgba32uint, write>;  // [batch][capacity][blocks]

const LANES = ${lanes}u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let sample = group.x;
  let record = samples[sample];
  let padded = (record.events + 3u) & ~3u;
  for (var i = lane; i < padded; i += LANES) {
    for (var block = 0u; block < blocks; block++) {
      // Padding has no spikes.
      let bits = listed_texel((record.first * 4u + i) * blocks + block);
      textureStore(spikes, texel((sample * capacity + i) * blocks + block), bits);
    }
  }
}
