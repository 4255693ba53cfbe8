// The gradient of charges from that of spikes, written over the charges: gh[t] = gs[t] surrogate'(h[t]), 0 after a
// sample's end and after T. A lane has a neuron's four time steps.
//
// The surrogate and ends.wgsl stand before this.

#include lib/quads

#updates charges: vec4<f32>;          // dense: h, then gh
#if constant_output_gradient
#reads output_gradient: f32;          // [neurons], the same at each t
#else
#reads output_gradient: vec4<f32>;    // dense
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;  // in the order of memory
  let n = i / ${8 * quads}u * 8u + i % 8u;
  if (n >= neurons) { return; }
  let quad = i / 8u % ${quads}u;
  let at = quad_at(quad, n);
  let h = charges_at(at);
#if constant_output_gradient
  let gs = vec4<f32>(output_gradient_at(n));
#else
  let gs = output_gradient_at(at);
#end
  let live = before(quad, end_of(n));
  let slope = vec4<f32>(
    surrogate_gradient(h.x), surrogate_gradient(h.y), surrogate_gradient(h.z), surrogate_gradient(h.w),
  );
  charges[at] = select(vec4<f32>(0.0), gs * slope, live);
}
