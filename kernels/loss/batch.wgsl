// The loss of a batch: the sum of the samples' losses and how many are classified correctly. The
// answer is the class with the largest score (spikes over T, or a value), of equals the lowest.
// One workgroup adds in a fixed order; the loss itself is `sample_loss` of another file, which may
// write gradients. It is called for empty samples too, whose losses don't count.

#include lib/batch

override batch: u32;
override classes: u32;

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#if score_is_value
#binding var<storage, read> values: array<f32>;                // [batch][classes]
#else
#binding var<storage, read> counts: array<u32>;                // [batch][classes], spikes over T
#end
#binding var<storage, read_write> metrics: array<f32>;         // [slot][2 + batch]: loss, correct, answers

const LANES = ${lanes}u;
var<workgroup> partial: array<vec2<f32>, LANES>;

// The score of an entry of [batch][classes].
fn score(entry: u32) -> f32 {
#if score_is_value
  return values[entry];
#else
  return f32(counts[entry]);
#end
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  let report = step.slot * (2u + batch);
  var sum = vec2<f32>(0.0);
  for (var sample = lane; sample < batch; sample += LANES) {
    let first = sample * classes;
    let label = samples[sample].label;
    var best = 0u;
    var most = score(first);
    for (var c = 1u; c < classes; c++) {
      let next = score(first + c);
      best = select(best, c, next > most);
      most = max(most, next);
    }
    metrics[report + 2u + sample] = f32(best);
    let live = sample < step.samples;
    let loss = sample_loss(first, label, live);
    sum += select(vec2<f32>(0.0), vec2<f32>(loss, select(0.0, 1.0, best == label)), live);
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    metrics[report] = partial[0].x;
    metrics[report + 1u] = partial[0].y;
  }
}
