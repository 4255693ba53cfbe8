// Linear layer on spike events where a workgroup shares a sample and `own` of the outputs, for one
// block of time steps at a time: how real GPUs do it.
//
// What the block's time steps have lies in workgroup memory, a row of `own` numbers in a slot each. Step r
// of word w has slot 32 w + r, and in the sums a lane of its own: the lanes beside each other test
// the bits of one word.

#include lib/batch
#include lib/events
#include linear/parameters

override batch: u32;
override features: u32;
override outputs: u32;
override capacity: u32;
override blocks: u32;

#binding var<storage, read> samples: array<Sample>;
#texels entries;
#texels spikes;

const OWN = ${own}u;
const SLOTS = ${32 * words}u;
const LANES = 2u * SLOTS;
const STAGED = ${staged}u * SLOTS;  // events that lie in workgroup memory at a time
const UNROLLED = 8u;
const WIDTH = ${(own + 3) / 4}u;  // vectors that hold a row

var<workgroup> numbers: array<f32, ${32 * words * own}>;                    // [slot][own]
var<workgroup> rows: array<vec4<f32>, ${32 * words * staged * ((own + 3) / 4)}>;  // of weights, or of slots
var<workgroup> event_words: array<vec4<u32>, ${32 * words * staged}>;             // of as many events

fn slot_of(t: u32) -> u32 {
  return t / ${word_steps}u * 32u + t % ${word_steps}u;
}

fn feature_of(record: Sample, event: u32) -> u32 {
  return entries_texel(record.first + (event >> 2u))[event & 3u] & 0xffffffu;
}

fn words_of(sample: u32, event: u32, block: u32) -> vec4<u32> {
  return spikes_texel((sample * capacity + event) * blocks + block);
}

// numbers[slot][o] = the bias and the weights from the features that spike at the slot's time step, to
// output first + o.
fn sum_events(sample: u32, block: u32, first: u32, lane: u32) {
  let record = samples[sample];
  let half = lane / SLOTS;
  let slot = lane - half * SLOTS;
  let word = slot >> 5u;
  let bit = 1u << (slot & 31u);
#for q in 0..(own + 3) / 4
  var sum_${q} = vec4<f32>(0.0);
#end
  for (var start = 0u; start < record.events; start += STAGED) {
    let count = min(record.events - start, STAGED);
    workgroupBarrier();
    for (var i = lane; i < count * WIDTH; i += LANES) {
      let row = feature_of(record, start + i / WIDTH) * outputs;
      rows[i] = parameter_quad(row + first + i % WIDTH * 4u);
    }
    // Past the last one there are no spikes.
    for (var i = lane; i < (count + UNROLLED - 1u) / UNROLLED * UNROLLED; i += LANES) {
      let words = words_of(sample, start + min(i, count - 1u), block);
      event_words[i] = select(vec4<u32>(0u), words, i < count);
    }
    workgroupBarrier();
    for (var i = half * UNROLLED; i < count; i += 2u * UNROLLED) {
#for u in 0..8
      {
        let spike = select(0.0, 1.0, (event_words[i + ${u}u][word] & bit) != 0u);
#for q in 0..(own + 3) / 4
        sum_${q} += rows[(i + ${u}u) * WIDTH + ${q}u] * spike;
#end
      }
#end
    }
  }
  workgroupBarrier();
  if (half == 1u) {
#for q in 0..(own + 3) / 4
    rows[slot * WIDTH + ${q}u] = sum_${q};
#end
  }
  workgroupBarrier();
  if (half == 0u) {
#for q in 0..(own + 3) / 4
    sum_${q} += rows[slot * WIDTH + ${q}u];
#end
#for o in 0..own
#if bias
    let bias_${o} = parameter(features * outputs + min(first + ${o}u, outputs - 1u));
    numbers[slot * OWN + ${o}u] = sum_${o / 4}[${o % 4}] + bias_${o};
#else
    numbers[slot * OWN + ${o}u] = sum_${o / 4}[${o % 4}];
#end
#end
  }
  workgroupBarrier();
}
