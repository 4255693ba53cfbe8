// The gradient of values over time from that of their score, see read_out: an equal share for each time
// step of a mean, all for the step of the largest or the last. One lane writes all time steps of one number.

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

#binding var<storage, read> score_gradient: array<f32>;          // [batch][classes]
#binding var<storage, read_write> gradients: array<vec4<f32>>;   // numbers over time
#if largest
#binding var<storage, read> times: array<u32>;                   // [batch][classes], the first of the largest
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= numbers) { return; }
#if lengths
  let time_steps = lengths[n / classes];
#end
  let gradient = score_gradient[n];
  for (var quad = 0u; quad < ${quads}u; quad++) {
    let t = vec4<u32>(4u * quad) + vec4<u32>(0u, 1u, 2u, 3u);
#if mean
    let share = vec4<f32>(gradient / f32(time_steps));
    let counts = t < vec4<u32>(time_steps);
#else
    let share = vec4<f32>(gradient);
#if largest
    let counts = t == vec4<u32>(times[n]);
#else
    let counts = t == vec4<u32>(time_steps - 1u);
#end
#end
    gradients[quad_at(quad, n)] = select(vec4<f32>(0.0), share, counts);
  }
}
