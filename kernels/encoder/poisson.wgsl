// Poisson coding: each pixel of value v spikes in each time step with probability v / 255,
// independently of all else. One lane draws all time steps of one pixel.
//
// A draw compares 8 random bits with a threshold, for 32 time steps at once (bit-sliced): from the
// lowest bit to the highest, below = majority(random word, below, threshold bit) halves the
// probability so far and adds a half where the threshold's bit is 1. v / 255 is no multiple of
// 1/256, so the threshold is rounded up or down at random once for each pixel and training step,
// which leaves P(spike) within 1e-7 of v / 255.
//
// Time steps are kept in words of `word_steps` (at most 32), words in blocks of four.

#include lib/batch
#include lib/random
#include lib/events
#include lib/texel
#if lengths
#include encoder/own_steps
#end

override features: u32;
override capacity: u32;    // events a sample can have: features, rounded up to a multiple of 4
override blocks: u32;

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#texels entries;
#binding var spikes: texture_storage_2d<rgba32uint, write>;

#if counts
#binding var<storage, read_write> spike_sums: array<u32>;  // [batch][LANES], of all steps so far
#end

const LANES = ${lanes}u;
const WEYL = 0x9e3779b9u;  // 2^32 / golden ratio: steps of this size visit all words
const ROUNDING = 0x5bd1e995u;

#if words * word_steps != steps
// The bits of a word that are time steps before T.
fn valid_bits(word: u32) -> u32 {
  let left = clamp(${steps}i - i32(word) * ${word_steps}i, 0i, ${word_steps}i);
  return select(0u, 0xffffffffu >> u32(32i - left), left > 0i);
}

#end
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let sample = group.x;
  let place = step.first + sample * (1u + step.skipped);
  let record = samples[sample];
  let padded = (record.events + 3u) & ~3u;
#if counts
  var spike_sum = 0u;
#end
  for (var i = lane; i < padded; i += LANES) {
    let four = entries_texel(record.first + (i >> 2u));
    let pixel = four[i & 3u];
    let feature = pixel & 0xffffffu;
    let value = pixel >> 24u;
    let seed = hash((place * features + feature) ^ step.key);
    let round_up = (hash(seed ^ ROUNDING) >> 16u) * 255u < (value << 16u);
    let threshold = value + select(0u, 1u, round_up);  // 0 ... 256; 0 for padding
#for k in 0..9
    let threshold_${k} = select(0u, 0xffffffffu, (threshold & (1u << ${k}u)) != 0u);
#end
    for (var block = 0u; block < blocks; block++) {
      var counter = seed + block * (32u * WEYL);
      var bits = vec4<u32>(0u);
      // A loop, as its text for all words takes longer to read than to compute.
      for (var w = 0u; w < ${words}u; w++) {
        var below = 0u;
#for k in 0..8
        counter += WEYL;
        {
          let random = hash(counter);
          below = (random & (below | threshold_${k})) | (below & threshold_${k});
        }
#end
        below |= threshold_8;
#if words * word_steps != steps
        below &= valid_bits(block * 4u + w);
#end
        bits = select(bits, vec4<u32>(below), vec4<u32>(0u, 1u, 2u, 3u) == vec4<u32>(w));
      }
#if lengths
      bits &= own_steps(sample, block);
#end
#if counts
      // Bits above those of the word's steps are anything.
      let counted = countOneBits(bits & vec4<u32>(0xffffffffu >> ${32 - word_steps}u));
      spike_sum += counted.x + counted.y + counted.z + counted.w;
#end
      textureStore(spikes, texel((sample * capacity + i) * blocks + block), bits);
    }
  }
#if counts
  if (sample < step.samples) { spike_sums[sample * LANES + lane] += spike_sum; }
#end
}
