// Deterministic coding: the spikes of each listed pixel are a row of a table, chosen by the pixel's
// value (latency and phase coding) or by its feature (periodic coding). One lane copies the time steps
// of one pixel.

#include lib/batch
#include lib/events
#include lib/texel
#if lengths
#include encoder/own_steps
#end

override capacity: u32;    // events a sample can have: features, rounded up to a multiple of 4
override blocks: u32;

#binding var<storage, read> samples: array<Sample>;
#texels entries;
#texels table;                                               // [rows][blocks]
#binding var spikes: texture_storage_2d<rgba32uint, write>;  // [batch][capacity][blocks]

const LANES = ${lanes}u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let sample = group.x;
  let record = samples[sample];
  let padded = (record.events + 3u) & ~3u;
  for (var i = lane; i < padded; i += LANES) {
    let four = entries_texel(record.first + (i >> 2u));
#if by_place
    let row = four[i & 3u] & 0xffffffu;
#else
    let row = four[i & 3u] >> 24u;
#end
    for (var block = 0u; block < blocks; block++) {
      // Padding looks like a pixel of value 0, which may spike: the padding must not.
      let bits = table_texel(row * blocks + block) * select(0u, 1u, i < record.events);
#if lengths
      let kept = bits & own_steps(sample, block);
      textureStore(spikes, texel((sample * capacity + i) * blocks + block), kept);
#else
      textureStore(spikes, texel((sample * capacity + i) * blocks + block), bits);
#end
    }
  }
}
