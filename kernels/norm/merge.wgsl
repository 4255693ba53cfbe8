// Batch norm, from the parts of a channel to what its numbers are normalised by: the scale and shift of
// y = scale x + shift, from the batch in a step that learns, else from the running statistics. On the way
// back, from the parts to the gradients of weight and bias, and to the coefficients of the gradient of x,
// c.x * gradient of y + c.y * x + c.z. A workgroup has a channel; parts of different sizes are merged pairwise
// (Chan, Golub and LeVeque 1983), which keeps the digits.

#include lib/batch
#include lib/turns

#binding var<uniform> step: Step;
#if summed
#binding var<storage, read> partials: array<vec4<f32>>;             // [parts][channels], see sums
#end
#if gradients
#binding var<storage, read> affine: array<vec4<f32>>;               // [channels]: scale, shift, mean, 1 / deviation
#if affine_learned
#binding var<storage, read_write> gradient: array<f32>;             // weight [channels], bias [channels]
#end
#binding var<storage, read_write> coefficients: array<vec4<f32>>;   // [channels]
#else
#if affine_learned
#binding var<storage, read> parameters: array<f32>;                 // weight [channels], bias [channels]
#end
#binding var<storage, read_write> running_mean: array<f32>;         // [channels]
#binding var<storage, read_write> running_var: array<f32>;          // [channels]
#binding var<storage, read_write> affine: array<vec4<f32>>;         // [channels]

override eps: f32;
override momentum: f32;
#end
override places: f32;    // numbers of a channel at a time step of a sample
override steps: f32;     // T

#if summed
const LANES = ${lanes}u;
var<workgroup> shares: array<vec4<f32>, LANES>;

fn merged(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
#if gradients
  return a + b;
#else
  let count = a.x + b.x;
  let d = b.y - a.y;
  let share = b.x / max(count, 1.0);
  return vec4<f32>(count, a.y + d * share, a.z + b.z + d * d * a.x * share, 0.0);
#end
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let channel = group.x;
  var own = vec4<f32>(0.0);
  for (var part = lane; part < ${parts}u; part += LANES) {
    own = merged(own, partials[part * ${channels}u + channel]);
  }
  shares[lane] = own;
  workgroupBarrier();
  if (lane > 0u) { return; }
  for (var other = 1u; other < turns(LANES, workgroups); other++) { own = merged(own, shares[other]); }
#else
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3<u32>) {
  let channel = group.x;
#end
#if gradients
#if affine_learned
  gradient[channel] = own.y;
  gradient[${channels}u + channel] = own.x;
#end
  let norm = affine[channel];
#if lengths
  let mean = own / own.z;
#else
  let mean = own / (places * steps * f32(step.samples));
#end
  // scale (g - mean g - normalised x * mean (g * normalised x)), normalised x = (x - mean) / deviation
  let per_x = -norm.x * mean.y * norm.w;
  coefficients[channel] = vec4<f32>(norm.x, per_x, -per_x * norm.z - norm.x * mean.x, 0.0);
#else
  var mean = running_mean[channel];
  var variance = running_var[channel];
#if summed
  if (step.learns == 1u) {
#if lengths
    let all = own.x;
#else
    // Numbers that are the same at each time step count T times.
    let all = places * steps * f32(step.samples);
#end
    let of_batch = own.z / own.x;
#if updates
    running_mean[channel] = mean + momentum * (own.y - mean);
    running_var[channel] = variance + momentum * (of_batch * (all / max(all - 1.0, 1.0)) - variance);
#end
    mean = own.y;
    variance = of_batch;
  }
#end
  let inverse = inverseSqrt(variance + eps);
#if affine_learned
  let scale = parameters[channel] * inverse;
  affine[channel] = vec4<f32>(scale, parameters[${channels}u + channel] - mean * scale, mean, inverse);
#else
  affine[channel] = vec4<f32>(inverse, -mean * inverse, mean, inverse);
#end
#end
}
