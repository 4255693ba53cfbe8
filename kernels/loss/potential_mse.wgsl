// Mean squared error between the output neurons' potential after each step's reset and its target:
// a neuron's share of the sample's loss, and the gradient of the batch's mean loss for the potential
// at each time step. One lane a neuron; losses and gradients of empty samples and past T are 0.

#include lib/batch
#include lib/quads
#if lengths
#include lib/lengths
#end

override neurons: u32;         // batch * classes
override classes: u32;
override time_steps: u32;
override quads: u32;           // ceil(T / 4)
override correct: f32;         // the target of the label's neuron
override wrong: f32;           // the target of the others
override loss_scale: f32;      // 1 / (classes * T)
#if learns
override gradient_scale: f32;  // 2 / (batch * classes * T)
#end

#binding var<uniform> step: Step;
#binding var<storage, read> samples: array<Sample>;
#binding var<storage, read> potential: array<vec4<f32>>;        // dense
#if learns
#binding var<storage, read_write> gradients: array<vec4<f32>>;  // dense
#end
#binding var<storage, read_write> losses: array<f32>;           // [neurons]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= neurons) { return; }
  let sample = n / classes;
  let wanted = vec4<f32>(select(wrong, correct, n % classes == samples[sample].label));
#if lengths
  let own_steps = lengths[sample];
  let longer = f32(time_steps) / f32(own_steps);  // the scales are those of T steps
  let live_steps = select(0u, own_steps, sample < step.samples);
#else
  let live_steps = select(0u, time_steps, sample < step.samples);
#end
  var sum = 0.0;
  for (var quad = 0u; quad < quads; quad++) {
    let at = quad_at(quad, n);
    let live = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(live_steps);
    let error = select(vec4<f32>(0.0), potential[at] - wanted, live);
    sum += dot(error, error);
#if learns
#if lengths
    gradients[at] = error * (gradient_scale * longer);
#else
    gradients[at] = error * gradient_scale;
#end
#end
  }
#if lengths
  losses[n] = sum * (loss_scale * longer);
#else
  losses[n] = sum * loss_scale;
#end
}
