// What a step reports: the sum of its samples' losses and how many it classified correctly. The
// answer is the class that fires most, of equals the lowest. One workgroup adds in a fixed order.

override classes: u32;

@group(0) @binding(0) var<storage, read> step: Step;
@group(0) @binding(1) var<storage, read> samples: array<Sample>;
@group(0) @binding(2) var<storage, read> counts: array<u32>;                // [batch][classes]
@group(0) @binding(3) var<storage, read> losses: array<f32>;                // [batch]
@group(0) @binding(4) var<storage, read_write> metrics: array<vec2<f32>>;   // [slot], loss and correct

const LANES = 64u;
var<workgroup> partial: array<vec2<f32>, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = vec2<f32>(0.0);
  for (var sample = lane; sample < step.samples; sample += LANES) {
    var best = 0u;
    var most = counts[sample * classes];
    for (var c = 1u; c < classes; c++) {
      let count = counts[sample * classes + c];
      best = select(best, c, count > most);
      most = max(most, count);
    }
    sum += vec2<f32>(losses[sample], select(0.0, 1.0, best == samples[sample].label));
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { metrics[step.slot] = partial[0]; }
}
