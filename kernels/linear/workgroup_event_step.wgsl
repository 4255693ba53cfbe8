// event_step for real GPUs: a whole training step of a network of one layer, a workgroup for each copy
// of the gradient and `own` outputs. A lane simulates a neuron, its numbers in workgroup memory: first the
// current, then the potential after each charge, at last the gradient of the current.

#include linear/workgroup_events
#if learns
#include linear/workgroup_gradient
#end

override copies: u32;

#binding var<uniform> step: Step;
#binding var<storage, read_write> fired: array<u32>;     // [ceil(T / 32)][batch * outputs], one bit a step
#binding var<storage, read_write> counts: array<u32>;    // [batch * outputs], spikes over T
#if reports
#binding var<storage, read_write> metrics: array<vec2<f32>>;  // [slot][batch], loss and answer

var<workgroup> class_counts: array<u32, OWN>;
#end

const WORDS = ${words}u;
const WORD_STEPS = ${word_steps}u;

#if words * word_steps != steps
// Which steps of a word are time steps before T.
fn live_bits(word: u32) -> u32 {
  return 0xffffffffu >> (32u - min(WORD_STEPS, ${steps}u - word * WORD_STEPS));
}

#end
// Charges, fires and resets a neuron from step to step. Returns its spikes over T.
fn simulate(neuron: u32, lane: u32) -> u32 {
  var v = initial;
  var count = 0u;
  var unstored = 0u;  // spikes since the last multiple of 32 steps
  for (var w = 0u; w < WORDS; w++) {
    let at = w * 32u * OWN + lane;
#for r in 0..word_steps
    let x_${r} = numbers[at + ${r * own}u];
#end
    var word = 0u;
#for r in 0..word_steps
    let h_${r} = charged(v, x_${r});
    word |= select(0u, 1u << ${r}u, h_${r} >= v_threshold);
    v = reset(h_${r});
#end
#for r in 0..word_steps
    numbers[at + ${r * own}u] = h_${r};
#end
#if words * word_steps != steps
    word &= live_bits(w);
#end
    count += countOneBits(word);
    let t = w * WORD_STEPS;
    let shift = t & 31u;
    unstored |= word << shift;
    if (shift + WORD_STEPS >= 32u) {
      fired[(t >> 5u) * batch * outputs + neuron] = unstored;
      unstored = select(word >> (32u - shift), 0u, shift == 0u);
    }
  }
#if words * word_steps % 32 != 0
  fired[${words * word_steps / 32}u * batch * outputs + neuron] = unstored;
#end
  return count;
}

#if learns
// The reverse of simulate, from the gradient of each spike. Returns the gradient of the bias.
fn reverse(gs: f32, lane: u32) -> f32 {
  var gv = 0.0;
  var total = 0.0;
  for (var left = WORDS; left > 0u; left--) {
    let w = left - 1u;
    let at = w * 32u * OWN + lane;
#if words * word_steps != steps
    let live = live_bits(w);
#end
#for r in 0..word_steps
    let h_${r} = numbers[at + ${r * own}u];
#end
#for back in 0..word_steps
#let r = word_steps - 1 - back
#if words * word_steps != steps
    let gh_${r} = select(0.0, fire_gradient(h_${r}, gs, gv), (live & (1u << ${r}u)) != 0u);
#else
    let gh_${r} = fire_gradient(h_${r}, gs, gv);
#end
    let gx_${r} = input_gradient(gh_${r}, 0.0, 0.0);
    gv = state_gradient(gh_${r}, 0.0, 0.0);
    total += gx_${r};
    numbers[at + ${r * own}u] = gx_${r};
#end
  }
  return total;
}

#end
#if reports
// The loss of a sample, and its answer: the class that fired most, of equals the lowest.
fn report(sample: u32) {
  let label = samples[sample].label;
  var best = 0u;
  var loss = 0.0;
#for c in 0..own
  loss += neuron_loss(class_counts[${c}], label == ${c}u);
  best = select(best, ${c}u, class_counts[${c}] > class_counts[best]);
#end
  metrics[step.slot * batch + sample] = vec2<f32>(loss, f32(best));
}

#end
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let copy = group.x;
  let first = group.y * OWN;
  let class_of_lane = first + lane;
  let simulates = lane < OWN && class_of_lane < outputs;
#if learns
  let start = copy * copy_stride + first;
  let learning = step.learns != 0u;
  var bias = 0.0;
#end
  for (var sample = copy; sample < batch; sample += copies) {
    sum_events(sample, 0u, first, lane);
    if (simulates) {
      let neuron = sample * outputs + class_of_lane;
      let count = simulate(neuron, lane);
      counts[neuron] = count;
#if reports
      class_counts[lane] = count;
#end
#if learns
      if (learning) {
        let is_label = class_of_lane == samples[sample].label;
        let gs = select(0.0, spike_gradient(count, is_label), sample < step.samples);
        bias += reverse(gs, lane);
      }
#end
    }
#if learns
    // Meanwhile the other lanes have nothing to do.
    if (learning && sample == copy && lane >= 32u) {
      clear_gradient(start, first, lane - 32u, LANES - 32u);
    }
#end
    storageBarrier();
    workgroupBarrier();
#if reports
    if (lane == LANES - 1u) { report(sample); }
#end
#if learns
    if (learning) { scatter_events(sample, 0u, start, first, lane); }
#end
  }
#if bias && learns
  if (learning && simulates) { gradient[start + features * outputs + lane] = bias; }
#end
}
