// Which values a step's dropout keeps: one draw for each (sample, feature), or for all places of a
// channel, the same for all T, from the step's key, the layer and the place.

#include lib/batch
#include lib/random

override neurons: u32;      // batch * features
override features: u32;
override layer: u32;        // a random word, another for each dropout of a plan
override drop_below: u32;   // P(drop) * 2^32

#binding var<uniform> step: Step;

const LANES = 64u;

// Whether value n = sample * features + feature stays: so many that lie together share a draw. All stay
// in a step that doesn't learn.
fn keeps(n: u32) -> bool {
  // Where it is in the batch of all processes.
  let place = n + (step.first + n / features * step.skipped) * features;
  return step.learns == 0u || hash(hash(place / ${together}u) ^ hash(step.key ^ layer)) >= drop_below;
}
