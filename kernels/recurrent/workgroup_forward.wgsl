// The forward kernel of recurrent layers, see forward, by workgroups: the neurons of a sample are shared out
// among `parts` lanes, and their states stay in registers. What fired at the last step lies in workgroup
// memory as bits; of the weights only the rows of those are read. A workgroup simulates `sharers` lanes' samples
// side by side, of which a lane has `lane_samples`, so that they share what is read of the weights.
//
// What is declared elsewhere: State, first_state, prepare, charge, reset (src/neurons/pair/).

#include lib/quads
#if lengths
#include lib/lengths
#end
#include linear/parameters
#include recurrent/shares

#if constant_current
#binding var<storage, read> current: array<f32>;                // [batch][features], the same at each t
#else
#binding var<storage, read> current: array<vec4<f32>>;          // dense
#end
#if keeps
// Dense: what charges the neurons; of neurons whose gradients don't read that, the potential after the charge.
#binding var<storage, read_write> total: array<vec4<f32>>;
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
#for o in 0..own
  let i_${o} = neuron_of(part, ${o}u);
#for r in 0..lane_samples
  let n_${r}_${o} = min(first_sample + ${r}u, batch - 1u) * features + min(i_${o}, features - 1u);
  prepare(n_${r}_${o});
  var v_${r}_${o} = first_state(n_${r}_${o});
  var word_${r}_${o} = 0u;
  var count_${r}_${o} = 0u;
#end
#end
#if parts == 1
#for r in 0..lane_samples
  var fired_${r} = 0u;
#end
#end
  for (var quad = 0u; quad < ${quads}u; quad++) {
#for r in 0..lane_samples
#for o in 0..own
#if constant_current
    let current_${r}_${o} = vec4<f32>(current[n_${r}_${o}]);
#else
    let current_${r}_${o} = current[quad_at(quad, n_${r}_${o})];
#end
#if keeps
    var total_${r}_${o} = vec4<f32>(0.0);
#end
#end
#end
    for (var e = 0u; e < min(4u, ${steps}u - 4u * quad); e++) {
      let t = 4u * quad + e;
#for r in 0..lane_samples
#for o in 0..own
#if bias
      var x_${r}_${o} = current_${r}_${o}[e] + parameter(features * features + min(i_${o}, features - 1u));
#else
      var x_${r}_${o} = current_${r}_${o}[e];
#end
#end
#end
      // A row of weights is read once if any of the lane's samples fired there. At the first step nothing has: the
      // words are 0.
#if parts == 1
      {
        let w = 0u;
#for r in 0..lane_samples
        let fired_in_${r} = fired_${r};
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
          x_${r}_${o} += times_${r} * weight_${o};
#else
          x_${r}_${o} += weight_${o};
#end
#end
#end
        }
      }
#for r in 0..lane_samples
      {
        var bits = 0u;
#for o in 0..own
        {
          prepare(n_${r}_${o});
          let h = charge(v_${r}_${o}, x_${r}_${o});
#if lengths
          let spike = select(0u, 1u, spikes_at(h) & (t < lengths[n_${r}_${o} / features]));
#else
          let spike = select(0u, 1u, spikes_at(h));
#end
#if remembers
          if ((first_sample + ${r}u < batch) & (i_${o} < features)) {
            states[t * (batch * features) + n_${r}_${o}] = v_${r}_${o};
          }
#end
#if keeps
#if keeps_potential
          total_${r}_${o}[e] = potential_of(h);
#else
          total_${r}_${o}[e] = x_${r}_${o};
#end
#end
          v_${r}_${o} = reset(h);
          word_${r}_${o} |= spike << (t & 31u);
#if strided
          if ((spike == 1u) & (i_${o} < features)) {
            atomicOr(&fired[word_at(t + 1u, i_${o} >> 5u, own_sample + ${r}u)], 1u << (i_${o} & 31u));
          }
#else
#if parts == 1
          bits |= spike << ${o}u;
#else
          bits |= select(0u, spike << ${o}u, i_${o} < features);
#end
#end
        }
#end
#if parts == 1
        fired_${r} = bits;
#else
#if !strided
        // The neurons of a lane are within a word.
        atomicOr(&fired[word_at(t + 1u, i_0 >> 5u, own_sample + ${r}u)], bits << (i_0 & 31u));
#end
#end
      }
#end
#if parts > 1
      for (var i = lane; i < ${words * sharers * lane_samples}u; i += ${lanes}u) {
        atomicStore(&fired[(t + 2u) % 3u * ${words * sharers * lane_samples}u + i], 0u);
      }
      workgroupBarrier();
#end
    }
    let ends = ((quad & 7u) == 7u) | (quad + 1u == ${quads}u);
#for r in 0..lane_samples
#for o in 0..own
    if ((first_sample + ${r}u < batch) & (i_${o} < features)) {
#if keeps
      total[quad_at(quad, n_${r}_${o})] = total_${r}_${o};
#end
      if (ends) { spikes[(quad >> 3u) * (batch * features) + n_${r}_${o}] = word_${r}_${o}; }
    }
    count_${r}_${o} += select(0u, countOneBits(word_${r}_${o}), ends);
    word_${r}_${o} = select(word_${r}_${o}, 0u, ends);
#end
#end
  }
#for r in 0..lane_samples
  if (first_sample + ${r}u < batch) {
#for o in 0..own
    if (i_${o} < features) { counts[n_${r}_${o}] = count_${r}_${o}; }
#end
  }
#end
}
