// What a layer of neurons reads of its current and, going back, writes over it, as kernels/neuron do;
// nothing is simulated.

#include lib/quads

override neurons: u32;

#if writes
#binding var<storage, read_write> current: array<vec4<f32>>;  // dense
#else
#binding var<storage, read> current: array<vec4<f32>>;        // dense
#binding var<storage, read_write> sums: array<f32>;           // [neurons]
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= neurons) { return; }
#for q in 0..quads
  let x_${q} = current[quad_at(${q}u, n)];
#end
#if writes
#for q in 0..quads
  current[quad_at(${q}u, n)] = -x_${q};
#end
#else
  sums[n] = dot(vec4<f32>(0.0)
#for q in 0..quads
      + x_${q}
#end
      , vec4<f32>(1.0));
#end
}
