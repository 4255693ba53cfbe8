// Adds the spike events of a step's samples to how often each place has spiked so far or, where nobody asks
// for places, to what each lane has counted so far. A workgroup has a sample, a lane some of its entries.

#include lib/batch
#include lib/events

override capacity: u32;  // entries a sample can have
override blocks: u32;    // of four words of `word_steps` time steps each

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#texels spikes;
#if places
#texels entries;
#binding var<storage, read_write> spike_sums: array<atomic<u32>>;  // [features]
#else
#binding var<storage, read_write> spike_sums: array<u32>;          // [batch][LANES]
#end

const LANES = ${lanes}u;
// An encoder may leave anything in the bits that are no time steps.
const WORD_BITS = 0xffffffffu >> ${32 - word_steps}u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let sample = group.x;
  let record = samples[sample];
  let count = select(0u, record.events, sample < step.samples);
#if !places
  var total = 0u;
#end
  for (var i = lane; i < count; i += LANES) {
#if places
    var total = 0u;
#end
    for (var block = 0u; block < blocks; block++) {
      let four = spikes_texel((sample * capacity + i) * blocks + block);
#for w in 0..words
      total += countOneBits(four[${w}] & WORD_BITS);
#end
    }
#if places
    let place = entries_texel(record.first + (i >> 2u))[i & 3u] & 0xffffffu;
    atomicAdd(&spike_sums[place], total);
#end
  }
#if !places
  spike_sums[sample * LANES + lane] += total;
#end
}
