// The reverse of window_forward: from the gradient of the pooled spikes that of the current, written over the
// current. The neurons' states are rebuilt; the gradient goes to the first neuron of a window that fires, the
// first of all if none does (PyTorch's max pool). With batch norm the kernel runs twice: with `sums` it only adds
// up what the norm's gradients need, of a part of a plane a lane, so that nothing is stored in between.
//
// What is declared elsewhere: State, first_state, prepare, charged, reset, their derivatives (src/neurons/pair/).

#include lib/quads
#if normalised
#include lib/batch

#binding var<uniform> step: Step;
#binding var<storage, read> affine: array<vec4<f32>>;              // [channels]: scale, shift, mean, 1 / deviation
#end
#if constant_output_gradient
#reads output_gradient: f32;                                       // [batch][channels][out_height][out_width]
#else
#reads output_gradient: vec4<f32>;                                 // dense
#end
#if sums
#binding var<storage, read_write> partials: array<vec4<f32>>;      // [batch * parts][channels]
#else
#if normalised
#binding var<storage, read> coefficients: array<vec4<f32>>;        // [channels], see norm/merge
#end
#end
#if constant_current
#if sums
#reads current: f32;                                               // [batch][channels][height][width]
#else
#updates current: f32;                                             // [batch][channels][height][width]
#end
#else
#if sums
#reads current: vec4<f32>;                                         // dense
#else
#updates current: vec4<f32>;
#end
#end

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * ${lanes}u;
#if sums
  // Lanes beside each other have neighbouring channels.
  let channel = i % ${channels}u;
  let sample = i / ${channels * parts}u;
  let part = i / ${channels}u % ${parts}u;
  if (sample >= ${batch}u) { return; }
  let plane = sample * ${channels}u + channel;
  var total = vec4<f32>(0.0);
#else
  let plane = i / ${parts}u;
  if (plane >= ${planes}u) { return; }
  let channel = plane % ${channels}u;
  let sample = plane / ${channels}u;
  let part = i % ${parts}u;
#if normalised
  let c = coefficients[channel];
  let full = sample < step.samples;
#end
#end
#if normalised
  let norm = affine[channel];
#end
  prepare(plane * ${height * width}u);
  let end = min((part + 1u) * ${share}u, ${windows_down * windows_across}u);
  for (var window = part * ${share}u; window < end; window++) {
    let window_y = window / ${windows_across}u;
    let window_x = window % ${windows_across}u;
    let m = (plane * ${out_height}u + min(window_y, ${out_height - 1}u)) * ${out_width}u + min(window_x, ${out_width - 1}u);
    // What is left over at the edges has no place in the output.
    let pooled = (window_y < ${out_height}u) & (window_x < ${out_width}u);
#for w in 0..pool * pool
    let y_${w} = window_y * ${pool}u + ${w / pool}u;
    let x_${w} = window_x * ${pool}u + ${w % pool}u;
    let inside_${w} = (y_${w} < ${height}u) & (x_${w} < ${width}u);
    let n_${w} = plane * ${height * width}u + min(y_${w}, ${height - 1}u) * ${width}u + min(x_${w}, ${width - 1}u);
    var v_${w} = first_state(n_${w});
#if constant_current
    let own_${w} = current_at(n_${w});
#end
#for q in 0..quads
#if constant_current
#if normalised
    let x_${w}_${q} = vec4<f32>(own_${w} * norm.x + norm.y);
#else
    let x_${w}_${q} = vec4<f32>(own_${w});
#end
#else
    let own_${w}_${q} = current_at(quad_at(${q}u, n_${w}));
#if normalised
    let x_${w}_${q} = own_${w}_${q} * norm.x + norm.y;
#else
    let x_${w}_${q} = own_${w}_${q};
#end
#end
#for k in 0..4
#let t = 4 * q + k
#if t < steps
    let h_${w}_${t} = charged(v_${w}, x_${w}_${q}[${k}]);
    v_${w} = reset(h_${w}_${t});
#end
#end
#end
    var gv_${w} = State();
#for q in 0..quads
    var gx_${w}_${q} = vec4<f32>(0.0);
#end
#end
#if constant_output_gradient
    let gp = select(0.0, output_gradient_at(m), pooled);
#else
#for q in 0..quads
    let gp_${q} = select(vec4<f32>(0.0), output_gradient_at(quad_at(${q}u, m)), pooled);
#end
#end
#for back in 0..steps
#let t = steps - 1 - back
    {
#if constant_output_gradient
      let g = gp;
#else
      let g = gp_${t / 4}[${t % 4}];
#end
      let none_0 = true;
#for w in 0..pool * pool
      let fires_${w} = potential_of(h_${w}_${t}) >= v_threshold;
      let none_${w + 1} = none_${w} & !fires_${w};
#end
#for w in 0..pool * pool
#if w == 0
      let gs_0 = select(0.0, g, fires_0 | none_${pool * pool});
#else
      let gs_${w} = select(0.0, g, none_${w} & fires_${w});
#end
      let gh_${w} = fire_gradient(h_${w}_${t}, gs_${w}, gv_${w});
      gx_${w}_${t / 4}[${t % 4}] = input_gradient(gh_${w}, State(), 0.0);
      gv_${w} = state_gradient(gh_${w}, State(), 0.0);
#end
    }
#end
#for w in 0..pool * pool
#if constant_current
    {
      var g = 0.0;
#for q in 0..quads
      g += dot(gx_${w}_${q}, vec4<f32>(1.0));
#end
#if sums
      total += select(vec4<f32>(0.0), vec4<f32>(g, g * (own_${w} - norm.z) * norm.w, 0.0, 0.0), inside_${w});
#else
#if normalised
      // At each of the time steps the current is the same.
      if (inside_${w}) { current[n_${w}] = select(0.0, c.x * g + ${steps}.0 * (c.y * own_${w} + c.z), full); }
#else
      if (inside_${w}) { current[n_${w}] = g; }
#end
#end
    }
#else
#for q in 0..quads
#let left = steps - 4 * q
#if sums
    total += select(
      vec4<f32>(0.0),
      vec4<f32>(dot(gx_${w}_${q}, vec4<f32>(1.0)), dot(gx_${w}_${q}, (own_${w}_${q} - norm.z) * norm.w), 0.0, 0.0),
      inside_${w},
    );
#else
#if normalised
    if (inside_${w}) {
      let all = c.x * gx_${w}_${q} + (c.y * own_${w}_${q} + c.z);
      // Past T there is no gradient.
      current[quad_at(${q}u, n_${w})] = select(
        vec4<f32>(0.0),
        all,
        vec4<bool>(full, full & (${left} > 1), full & (${left} > 2), full & (${left} > 3)),
      );
    }
#else
    if (inside_${w}) { current[quad_at(${q}u, n_${w})] = gx_${w}_${q}; }
#end
#end
#end
#end
#end
  }
#if sums
  partials[(sample * ${parts}u + part) * ${channels}u + channel] = total;
#end
}
