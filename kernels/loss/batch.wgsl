// The loss and the answer of each sample of a batch, a lane each. The answer is the class with the
// largest score (spikes over T, or a value), of equals the lowest. The loss itself is `sample_loss` of
// another file, which may write gradients. It is called for empty samples too, whose losses don't count.

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
#binding var<storage, read_write> metrics: array<vec2<f32>>;   // [slot][batch], loss and answer

// The score of an entry of [batch][classes].
fn score(entry: u32) -> f32 {
#if score_is_value
  return values[entry];
#else
  return f32(counts[entry]);
#end
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let sample = id.x;
  if (sample >= batch) { return; }
  let first = sample * classes;
  var best = 0u;
  var most = score(first);
  for (var c = 1u; c < classes; c++) {
    let next = score(first + c);
    best = select(best, c, next > most);
    most = max(most, next);
  }
  let loss = sample_loss(first, samples[sample].label, sample < step.samples);
  metrics[step.slot * batch + sample] = vec2<f32>(loss, f32(best));
}
