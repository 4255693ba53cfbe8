// Spike events as stored spikes: the spikes of each list entry go to the place that it names, whose bits
// were cleared before. A workgroup has a sample, a lane some of its entries.

#include lib/batch
#include lib/events

override size: u32;      // places of a sample
override capacity: u32;  // entries a sample can have
override blocks: u32;    // of four words of `word_steps` time steps each
override numbers: u32;   // batch * size

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#texels entries;
#texels spikes;
#binding var<storage, read_write> bits: array<u32>;    // [ceil(T / 32)][batch * size]
#binding var<storage, read_write> counts: array<u32>;  // [batch * size]

const LANES = ${lanes}u;
const WORD_BITS = 0xffffffffu >> ${32 - word_steps}u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let sample = group.x;
  let record = samples[sample];
  let count = select(0u, record.events, sample < step.samples);
  for (var i = lane; i < count; i += LANES) {
    let place = entries_texel(record.first + (i >> 2u))[i & 3u] & 0xffffffu;
    let at = sample * size + place;
    var total = 0u;
    for (var block = 0u; block < blocks; block++) {
      let four = spikes_texel((sample * capacity + i) * blocks + block);
      for (var w = 0u; w < ${words}u; w++) {
        // An encoder may leave anything in the bits that are no time steps.
        let word = four[w] & WORD_BITS;
        total += countOneBits(word);
        let t = (block * 4u + w) * ${word_steps}u;
        let shift = t & 31u;
        if ((t >> 5u) < ${time_words}u) { bits[(t >> 5u) * numbers + at] |= word << shift; }
        if (shift + ${word_steps}u > 32u && (t >> 5u) + 1u < ${time_words}u) {
          bits[((t >> 5u) + 1u) * numbers + at] |= word >> (32u - shift);
        }
      }
    }
    counts[at] = total;
  }
}
