// A layer of spiking neurons over all T time steps: current in, spikes out. One lane simulates one
// neuron; its potential never leaves the registers but for one checkpoint at the start of each
// segment of time steps, from which backward.wgsl rebuilds it.

override neurons: u32;
override initial: f32;   // the potential before the first step

#binding var<storage, read> current: array<vec4<f32>>;       // [ceil(T / 4)][neurons]
#binding var<storage, read_write> spikes: array<u32>;        // [ceil(T / 32)][neurons], one bit a step
#binding var<storage, read_write> counts: array<u32>;        // [neurons], spikes over T
#if segments > 1
#binding var<storage, read_write> checkpoints: array<f32>;   // [segments - 1][neurons]
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let n = id.x + id.y * groups.x * 64u;
  if (n >= neurons) { return; }
  var v = initial;
  var count = 0u;
#if segments == 1
  let segment = 0u;
  {
#else
  for (var segment = 0u; segment < ${segments}u; segment++) {
    if (segment > 0u) { checkpoints[(segment - 1u) * neurons + n] = v; }
#end
    let first_quad = segment * ${segment_quads}u;
#for q in 0..segment_quads
#if q % 8 == 0
    var word_${q / 8} = 0u;
#end
    {
#if ragged
      let x = current[min(first_quad + ${q}u, ${quads - 1}u) * neurons + n];
#else
      let x = current[(first_quad + ${q}u) * neurons + n];
#end
#for i in 0..4
#let t = 4 * q + i
#if ragged
      {
        let h = charge(v, x[${i}]);
        let live = first_quad * 4u + ${t}u < ${steps}u;
        word_${q / 8} |= select(0u, 1u << ${t % 32}u, live & (h >= v_threshold));
        v = select(v, reset(h), live);
      }
#else
#if t < steps
      {
        let h = charge(v, x[${i}]);
        word_${q / 8} |= select(0u, 1u << ${t % 32}u, h >= v_threshold);
        v = reset(h);
      }
#end
#end
#end
    }
#end
#for w in 0..(segment_quads + 7) / 8
#if ragged
    if (first_quad + ${8 * w}u < ${quads}u) {
#else
    {
#end
      spikes[(first_quad / 8u + ${w}u) * neurons + n] = word_${w};
      count += countOneBits(word_${w});
    }
#end
  }
  counts[n] = count;
}
