// The reverse of forward.wgsl: from the gradients of the spikes, the gradient of the current, written
// over the current. The potentials h are rebuilt segment by segment into registers, the last segment
// first; then the recursion runs from its last time step to its first.

override neurons: u32;
override initial: f32;   // the potential before the first step

#binding var<storage, read_write> current: array<vec4<f32>>;  // [ceil(T / 4)][neurons]
#if dense_gradient
#binding var<storage, read> spike_gradient: array<vec4<f32>>; // [ceil(T / 4)][neurons]
#else
#binding var<storage, read> spike_gradient: array<f32>;       // [neurons], the same at each t
#end
#if segments > 1
#binding var<storage, read> checkpoints: array<f32>;          // [segments - 1][neurons]
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= neurons) { return; }
  var gv = 0.0;
#if segments == 1
  let segment = 0u;
  {
    var v = initial;
#else
  for (var left = ${segments}u; left > 0u; left--) {
    let segment = left - 1u;
    var v = initial;
    if (segment > 0u) { v = checkpoints[(segment - 1u) * neurons + n]; }
#end
    let first_quad = segment * ${segment_quads}u;
#for q in 0..segment_quads
#if ragged
    let at_${q} = min(first_quad + ${q}u, ${quads - 1}u) * neurons + n;
#else
    let at_${q} = (first_quad + ${q}u) * neurons + n;
#end
    let x_${q} = current[at_${q}];
#for t in 4 * q..4 * q + 4
    let h_${t} = charge(v, x_${q}[${t % 4}]);
    v = reset(h_${t});
#end
#end
#for back in 0..segment_quads
#let q = segment_quads - 1 - back
    {
#if dense_gradient
      let gs = spike_gradient[at_${q}];
#else
      let gs = vec4<f32>(spike_gradient[n]);
#end
      var gx = vec4<f32>(0.0);
#for back_i in 0..4
#let i = 3 - back_i
#let t = 4 * q + i
#if ragged
      {
        let live = first_quad * 4u + ${t}u < ${steps}u;
        let gh = select(0.0, fire_gradient(h_${t}, gs[${i}], gv), live);
        gx[${i}] = input_gradient(gh);
        gv = potential_gradient(gh);
      }
#else
#if t < steps
      {
        let gh = fire_gradient(h_${t}, gs[${i}], gv);
        gx[${i}] = input_gradient(gh);
        gv = potential_gradient(gh);
      }
#end
#end
#end
#if ragged
      if (first_quad + ${q}u < ${quads}u) { current[at_${q}] = gx; }
#else
      current[at_${q}] = gx;
#end
    }
#end
  }
}
