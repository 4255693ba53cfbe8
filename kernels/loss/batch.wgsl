// The loss and the answer of each sample of a batch, a lane each. The answer is the class with the
// largest score (spikes over T, or a value), of equals the lowest. The loss itself is
//
//   fn sample_loss(first: u32, label: u32) -> f32
//
// of another text, which reads score(first + c) for each of `classes` classes and, where the program
// learns, gives each its gradient by set_gradient(first + c, gradient). It is called for empty samples too,
// whose losses and gradients don't count.

#include lib/batch
#include lib/turns
#if lengths
#include lib/lengths
#end

override batch: u32;
override classes: u32;

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#if score_is_value
#binding var<storage, read> values: array<f32>;                // [batch][classes]
#else
#binding var<storage, read> counts: array<u32>;                // [batch][classes], spikes over T
#end
#if report_scores
#binding var<storage, read_write> metrics: array<f32>;         // [slot][batch][2 + classes]: loss, answer, scores
#else
#binding var<storage, read_write> metrics: array<vec2<f32>>;   // [slot][batch], loss and answer
#end
#if gradients
#binding var<storage, read_write> gradients: array<f32>;       // [batch][classes], for the scores
#end

// The score of an entry of [batch][classes].
fn score(entry: u32) -> f32 {
#if score_is_value
  return values[entry];
#else
  return f32(counts[entry]);
#end
}

#if lengths
var<private> own_steps: f32;  // time steps of the lane's sample
#end
var<private> is_live: bool;  // whether the lane's sample isn't an empty one

fn set_gradient(entry: u32, gradient: f32) {
#if gradients
  gradients[entry] = select(0.0, gradient, is_live);
#end
}

@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let sample = id.x;
  if (sample >= batch) { return; }
  is_live = sample < step.samples;
#if lengths
  own_steps = f32(lengths[sample]);
#end
  let first = sample * classes;
  var best = 0u;
  var most = score(first);
  for (var c = 1u; c < turns(classes, workgroups); c++) {
    let next = score(first + c);
    best = select(best, c, next > most);
    most = max(most, next);
  }
  let loss = sample_loss(first, samples[sample].label);
#if report_scores
  let at = (step.slot * batch + sample) * (2u + classes);
  metrics[at] = loss;
  metrics[at + 1u] = f32(best);
  for (var c = 0u; c < turns(classes, workgroups); c++) { metrics[at + 2u + c] = score(first + c); }
#else
  metrics[step.slot * batch + sample] = vec2<f32>(loss, f32(best));
#end
}
