// The gradient of w, 1 / tau = sigmoid(w), from each neuron's share of that of 1 / tau. One workgroup
// adds in a fixed order.

override neurons: u32;

#binding var<storage, read> decay_gradients: array<f32>;      // [neurons]
#binding var<storage, read> tau_parameter: array<f32>;        // w
#binding var<storage, read_write> gradient: array<f32>;       // that of w

const LANES = 64u;
var<workgroup> partial: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var n = lane; n < neurons; n += LANES) { sum += decay_gradients[n]; }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    let decay = 1.0 / (1.0 + exp(-tau_parameter[0]));
    gradient[0] = decay * (1.0 - decay) * partial[0];
  }
}
