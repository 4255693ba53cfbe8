// The forward kernel of recurrent layers, see forward, by workgroups: the neurons of a sample are shared out
// among `parts` lanes, which keep their states. What fired at the last step lies in workgroup memory as bits; of
// the weights only the rows of those are read. A workgroup simulates `sharers` lanes' samples side by side, of
// which a lane has `lane_samples`, so that they share what is read of the weights.
//
// What the neurons hear is summed in registers. All else is a loop over them in `turns` pieces: one where the
// driver computes on the processor, as each statement of a kernel with a barrier costs compile time (both ways of
// 700-256-20 took 50 s on llvmpipe when all was written out, and take 15 s so), and one for each neuron on GPUs,
// which have no index of registers.
//
// What is declared elsewhere: State, first_state, prepare, charged, reset (src/neurons/pair/).

#include lib/quads
#if lengths
#include lib/lengths
#end
#include linear/parameters
#include recurrent/shares

#reads current: f32;                                            // dense, or [batch][features] if constant_current
#if keeps
// Dense, 0 past T: what charges the neurons; of neurons whose gradients don't read that, the potential after the charge.
#binding var<storage, read_write> total: array<f32>;
#end
#if remembers
#binding var<storage, read_write> states: array<State>;         // before each step, [T][batch][features]
#end
#binding var<storage, read_write> spikes: array<u32>;           // [ceil(T / 32)][batch][features], one bit a step
#binding var<storage, read_write> counts: array<u32>;           // [batch][features], spikes over T

#if parts > 1
const WORDS = ${words}u;  // of the neurons of a sample
// Who fired before, who fires now, and who will: bits, for each of the workgroup's samples.
var<workgroup> fired: array<atomic<u32>, ${3 * words * sharers * lane_samples}>;

fn word_at(t: u32, word: u32, sample: u32) -> u32 {
  return (t % 3u * WORDS + word) * ${sharers * lane_samples}u + sample;
}
#end

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let part = part_of(lane);
  let own_sample = lane % ${sharers}u * ${lane_samples}u;  // the first, of the workgroup's
  let first_sample = group.x * ${sharers * lane_samples}u + own_sample;
#let of_turn = own / turns
  // Of the lane's neurons, [lane_samples][own]: states, what they hear, what they fired since their word began.
  var v: array<State, ${own * lane_samples}>;
  var heard: array<f32, ${own * lane_samples}>;
  var word: array<u32, ${own * lane_samples}>;
  // Of its samples: who fires at this step.
  var now: array<u32, ${lane_samples}>;
#for o in 0..own
  let i_${o} = neuron_of(part, ${o}u);
#end
  for (var t = 0u; t < ${steps}u; t++) {
#for r in 0..lane_samples
#for o in 0..own
    var heard_${r}_${o} = 0.0;
#end
#end
    // A row of weights is read once if any of the lane's samples fired there. At the first step nothing has: the
    // words are 0.
#if parts == 1
    {
      let w = 0u;
#for r in 0..lane_samples
      let fired_in_${r} = now[${r}];
#end
#else
    for (var w = 0u; w < WORDS; w++) {
#for r in 0..lane_samples
      let fired_in_${r} = atomicLoad(&fired[word_at(t, w, own_sample + ${r}u)]);
#end
#end
      var left = 0u;
#for r in 0..lane_samples
      left |= fired_in_${r};
#end
      while (left != 0u) {
        let bit = firstTrailingBit(left);
        let row = (32u * w + bit) * features;
        left &= left - 1u;
#if lane_samples > 1
#for r in 0..lane_samples
        let times_${r} = f32((fired_in_${r} >> bit) & 1u);
#end
#end
#for o in 0..own
#if whole
#if o % 4 == 0
        let weights_${o / 4} = parameters_at((row + i_${o}) >> 2u);
#end
        let weight_${o} = weights_${o / 4}[${o % 4}];
#else
        let weight_${o} = parameter(row + min(i_${o}, features - 1u));
#end
#for r in 0..lane_samples
#if lane_samples > 1
        heard_${r}_${o} += times_${r} * weight_${o};
#else
        heard_${r}_${o} += weight_${o};
#end
#end
#end
      }
    }
#for r in 0..lane_samples
#for o in 0..own
    heard[${r * own + o}] = heard_${r}_${o};
#end
#end
#if lane_samples > 1
    for (var r = 0u; r < ${lane_samples}u; r++) {
#else
    {
      let r = 0u;
#end
      var bits = 0u;
#for turn in 0..turns
      for (var o = ${turn * of_turn}u; o < ${turn * of_turn + of_turn}u; o++) {
        let k = r * ${own}u + o;
        let i = neuron_of(part, o);
        let n = number_of(first_sample + r, i);
        let live = (first_sample + r < batch) & (i < features);
        prepare(n);
        if (t == 0u) { v[k] = first_state(n); }
        let s = v[k];
        let at = 4u * quad_at(t >> 2u, n) + (t & 3u);
#if constant_current
        var x = current_at(n);
#else
        var x = current_at(at);
#end
#if bias
        x += parameter(features * features + min(i, features - 1u));
#end
        x += heard[k];
        let h = charged(s, x);
        v[k] = reset(h);
#if lengths
        let fires = spikes_at(h) & live & (t < lengths[n / features]);
#else
        let fires = spikes_at(h) & live;
#end
        bits |= select(0u, 1u << o, fires);
#if strided
        if (fires) {
          atomicOr(&fired[word_at(t + 1u, i >> 5u, own_sample + r)], 1u << (i & 31u));
        }
#end
#if keeps
        if (live) {
#if remembers
          states[t * (batch * features) + n] = s;
#end
#if keeps_potential
          total[at] = potential_of(h);
#else
          total[at] = x;
#end
        }
#end
      }
#end
      now[r] = bits;
#if parts > 1 && !strided
      // The neurons of a lane are within a word.
      atomicOr(&fired[word_at(t + 1u, i_0 >> 5u, own_sample + r)], bits << (i_0 & 31u));
#end
    }
#for r in 0..lane_samples
#for o in 0..own
    word[${r * own + o}] |= ((now[${r}] >> ${o}u) & 1u) << (t & 31u);
#end
#end
    if (((t & 31u) == 31u) | (t + 1u == ${steps}u)) {
#for turn in 0..turns
#let of_turn = own * lane_samples / turns
      for (var k = ${turn * of_turn}u; k < ${turn * of_turn + of_turn}u; k++) {
        let sample = first_sample + k / ${own}u;
        let i = neuron_of(part, k % ${own}u);
        let n = number_of(sample, i);
        if ((sample < batch) & (i < features)) {
          spikes[(t >> 5u) * (batch * features) + n] = word[k];
          counts[n] = select(counts[n], 0u, t < 32u) + countOneBits(word[k]);
        }
        word[k] = 0u;
      }
#end
    }
#if parts > 1
    for (var i = lane; i < ${words * sharers * lane_samples}u; i += ${lanes}u) {
      atomicStore(&fired[(t + 2u) % 3u * ${words * sharers * lane_samples}u + i], 0u);
    }
    workgroupBarrier();
#end
  }
}
