// One score for each (sample, class) from values over time: their mean, their largest or the last. One
// lane reads all time steps of one number.

#include lib/quads
#if lengths
#include lib/lengths
#end

override numbers: u32;     // batch * classes
#if lengths
override classes: u32;
#else
override time_steps: u32;
#end

#binding var<storage, read> values: array<vec4<f32>>;       // numbers over time
#binding var<storage, read_write> scores: array<f32>;       // [batch][classes]
#if largest
#binding var<storage, read_write> times: array<u32>;        // [batch][classes], the first of the largest
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= numbers) { return; }
#if lengths
  let time_steps = lengths[n / classes];
#end
#if mean
  var sum = 0.0;
  for (var t = 0u; t < time_steps; t++) { sum += values[quad_at(t >> 2u, n)][t & 3u]; }
  scores[n] = sum / f32(time_steps);
#else
#if largest
  var best = 0u;
  var most = values[quad_at(0u, n)].x;
  for (var t = 1u; t < time_steps; t++) {
    let value = values[quad_at(t >> 2u, n)][t & 3u];
    best = select(best, t, value > most);
    most = max(most, value);
  }
  scores[n] = most;
  times[n] = best;
#else
  scores[n] = values[quad_at((time_steps - 1u) >> 2u, n)][(time_steps - 1u) & 3u];
#end
#end
}
