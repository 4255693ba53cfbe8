// The gradient of a learned constant from each neuron's share of it: for one number of the layer those of all
// neurons, for one of each neuron those of the batch, added up in a fixed order. The constant follows from the
// learned number w: it is w, sigmoid(w) or exp(w), whose derivative is a factor.

override neurons: u32;    // batch * features
override features: u32;   // neurons of a sample
override first: u32;      // where the shares and the numbers of the constant begin
override first_share: u32;

#binding var<storage, read> shares: array<f32>;           // [learned][neurons]
#binding var<storage, read> learned: array<f32>;          // all learned numbers of the layer
#binding var<storage, read_write> gradient: array<f32>;   // those of them

const LANES = 64u;

fn derivative(w: f32) -> f32 {
#if sigmoid
  let value = 1.0 / (1.0 + exp(-w));
  return value * (1.0 - value);
#else
#if exponential
  return exp(w);
#else
  return 1.0;
#end
#end
}

#if each
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let feature = id.x + id.y * groups.x * LANES;
  if (feature >= features) { return; }
  var sum = 0.0;
  for (var n = feature; n < neurons; n += features) { sum += shares[first_share + n]; }
  gradient[first + feature] = derivative(learned[first + feature]) * sum;
}
#else
var<workgroup> partial: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var n = lane; n < neurons; n += LANES) { sum += shares[first_share + n]; }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { gradient[first] = derivative(learned[first]) * partial[0]; }
}
#end
