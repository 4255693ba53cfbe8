// The gradient of what neurons learn, w, from each neuron's share in that of the constant that follows
// from it: one number for the layer, or one for each neuron of a sample, over all samples. SHARERS lanes
// add up one of the numbers, in a fixed order.

override neurons: u32;
override count: u32;        // numbers: 1 or as many as a sample has neurons
override offset: u32;       // of the first, among all that the layer learns
override first_share: u32;
override shift: u32;        // from a number to its first neuron

#binding var<storage, read> shares: array<f32>;           // [tensors][neurons]
#if sigmoid || exponential
#binding var<storage, read> learned: array<f32>;          // w
#end
#binding var<storage, read_write> gradient: array<f32>;   // that of w

const LANES = 64u;
const SHARERS = ${sharers}u;
const NUMBERS = LANES / SHARERS;
#if sharers > 1
var<workgroup> partial: array<f32, LANES>;
#end

@compute @workgroup_size(LANES)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let number = (group.x + group.y * groups.x) * NUMBERS + lane % NUMBERS;
  let part = lane / NUMBERS;
  var sum = 0.0;
  for (var n = part * count + (number + shift) % count; n < neurons; n += ${turns}u * SHARERS * count) {
#for r in 0..turns
#if r == 0
    sum += shares[first_share + n];
#else
    if (n + ${r}u * SHARERS * count < neurons) { sum += shares[first_share + n + ${r}u * SHARERS * count]; }
#end
#end
  }
#if sharers > 1
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = SHARERS / 2u; half > 0u; half /= 2u) {
    if (part < half) { partial[lane] += partial[lane + half * NUMBERS]; }
    workgroupBarrier();
  }
  sum = partial[lane];
#end
  if ((part == 0u) && (number < count)) {
    let at = offset + number;
#if sigmoid
    let constant = 1.0 / (1.0 + exp(-learned[at]));
    gradient[at] = constant * (1.0 - constant) * sum;
#else
#if exponential
    gradient[at] = exp(learned[at]) * sum;
#else
    gradient[at] = sum;
#end
#end
  }
}
