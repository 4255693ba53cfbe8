// Dropout of numbers and, in place, of gradients: value 0, or times the scale in a step that learns.
// One lane does the time steps of one neuron.

#include dropout/keep
#if dense
#include lib/quads
#end

override scale: f32;   // 1 / (1 - p); 1 for the gradient of spikes

#if dense
alias Value = vec4<f32>;   // four consecutive time steps
#else
alias Value = f32;
#end

#if !in_place
#binding var<storage, read> input: array<Value>;         // dense, or [neurons]
#end
#binding var<storage, read_write> values: array<Value>;  // dense, or [neurons]

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * LANES;
  if (n >= neurons) { return; }
  let kept = keeps(n);
  let factor = select(1.0, scale, step.learns != 0u);
#if dense
  for (var quad = 0u; quad < ${quads}u; quad++) {
    let at = quad_at(quad, n);
#else
  {
    let at = n;
#end
#if in_place
    let value = values[at];
#else
    let value = input[at];
#end
    // Not a factor of 0: that would let the infinite through as NaN.
    values[at] = select(Value(0.0), value * factor, kept);
  }
}
