// A layer of neurons over all T time steps, between batch norm and max pool: current in, pooled spikes out,
// which are 1 where any neuron of a window fires. A lane simulates the neurons of a window, and of the windows
// after it in its share of a plane; a pool of 1 is none. Their own spikes are not stored: the way back rebuilds
// them. In steps that are observed how often each fires is, a byte a neuron, which `sums/windows` adds up:
// atomics here, in a run of their own, took 4 to 6 % of an evaluation on a processor (bench/counting.ts).
//
// What is declared elsewhere: State, first_state, prepare, charged, reset (src/neurons/pair/).

#include lib/quads
#if observes
#binding var<storage, read_write> fired: array<u32>;               // [batch][channels][windows][window_words]
#end
#binding var<storage, read_write> spikes: array<u32>;              // [1][batch][channels][out_height][out_width]
#binding var<storage, read_write> counts: array<u32>;              // the same, spikes over T
#if constant_current
#reads current: f32;                                               // [batch][channels][height][width]
#else
#reads current: vec4<f32>;                                         // dense
#end
#if normalised
#binding var<storage, read> affine: array<vec4<f32>>;              // [channels]: scale, shift
#end

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * ${lanes}u;
  let plane = i / ${parts}u;  // of a sample's channel
  if (plane >= ${planes}u) { return; }
#if normalised
  let norm = affine[plane % ${channels}u];
#end
  prepare(plane * ${height * width}u);
  let first = i % ${parts}u * ${share}u;
  let end = min(first + ${share}u, ${windows_down * windows_across}u);
  for (var window = first; window < end; window++) {
    let window_y = window / ${windows_across}u;
    let window_x = window % ${windows_across}u;
    var word = 0u;
#if observes
#for b in 0..window_words
    var bytes_${b} = 0u;
#end
#end
#for w in 0..pool * pool
    {
      let y = window_y * ${pool}u + ${w / pool}u;
      let x = window_x * ${pool}u + ${w % pool}u;
      let n = plane * ${height * width}u + min(y, ${height - 1}u) * ${width}u + min(x, ${width - 1}u);
      var v = first_state(n);
#if observes
      var own_word = 0u;
#end
#if constant_current
      let own = current_at(n);
#end
#for q in 0..quads
      {
#if !constant_current
        let own = current_at(quad_at(${q}u, n));
#end
#if normalised
        let x = vec4<f32>(own * norm.x + norm.y);
#else
        let x = vec4<f32>(own);
#end
#for k in 0..4
#if 4 * q + k < steps
        {
          let h = charged(v, x[${k}]);
#if observes
          own_word |= select(0u, 1u << ${4 * q + k}u, potential_of(h) >= v_threshold);
#else
          word |= select(0u, 1u << ${4 * q + k}u, potential_of(h) >= v_threshold);
#end
          v = reset(h);
        }
#end
#end
      }
#end
#if observes
      bytes_${w / 4} |= countOneBits(own_word) << ${8 * (w % 4)}u;
      word |= own_word;
#end
    }
#end
#if observes
#for b in 0..window_words
    fired[(plane * ${windows_down * windows_across}u + window) * ${window_words}u + ${b}u] = bytes_${b};
#end
#end
    // What is left over at the edges has no place in the output.
    if ((window_y < ${out_height}u) & (window_x < ${out_width}u)) {
      let m = (plane * ${out_height}u + window_y) * ${out_width}u + window_x;
      spikes[m] = word;
      counts[m] = countOneBits(word);
    }
  }
}
