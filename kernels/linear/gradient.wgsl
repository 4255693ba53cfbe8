// Gradient of the parameters of a matrix product, which is a Linear layer or a convolution:
// weight[feature][output] = sum over t and the rows of input * output gradient, bias[output] = sum of the
// output gradients. See forward for the map and the readers.
//
// A lane sums a tile of the weights, the features of `tile_runs` runs times `tile_outputs` outputs, in
// registers, over the rows and blocks of its copy. No atomics: the same result in every run.

#include lib/quads
#include linear/output_gradient
#if scaled
#include lib/batch
#binding var<uniform> step: Step;

override scale: f32;     // what a spike counts in a step that learns
#end

override batch: u32;     // samples
override rows: u32;      // of all samples, or of fours of samples where the input is the same at each time step
override quads: u32;     // of time steps
override features: u32;  // of a group
override outputs: u32;   // of all groups
override blocks: u32;    // of `block_quads` quads each
override copies: u32;
override copy_stride: u32;  // parameters, rounded up to a multiple of 4

#binding var<storage, read_write> gradient: array<f32>;  // [copies][copy_stride]

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let lane = id.x + id.y * groups.x * ${lanes}u;
#if taps_first
  let run_tile = lane % ${run_tiles}u;
  let output_tile = lane / ${run_tiles}u % ${output_tiles}u;
#else
  let output_tile = lane % ${output_tiles}u;
  let run_tile = lane / ${output_tiles}u % ${run_tiles}u;
#end
  let copy = lane / ${output_tiles * run_tiles}u;
  if (copy >= copies) { return; }
#if groups > 1
  let group = output_tile / ${output_tiles / groups}u;
  let first_output = group * ${group_outputs}u + output_tile % ${output_tiles / groups}u * ${tile_outputs}u;
  let end_output = (group + 1u) * ${group_outputs}u;
#else
  let group = 0u;
  let first_output = output_tile * ${tile_outputs}u;
  let end_output = outputs;
#end
#for k in 0..tile_runs
  let site_${k} = site_of(min(run_tile * ${tile_runs}u + ${k}u, ${runs - 1}u), group);
#end
#for f in 0..tile_runs * run_features
#for o in 0..tile_outputs
  var sum_${f}_${o} = 0.0;
#end
#end
#for o in 0..tile_outputs
  let output_${o} = min(first_output + ${o}u, end_output - 1u);
#if bias
  var bias_${o} = 0.0;
#end
#end
  for (var i = copy; i < blocks * rows; i += copies) {
    let block = i / rows;
    let row = row_of(i % rows);
#for k in 0..tile_runs
    let run_${k} = input_run(block, row, site_${k});
#end
#for q in 0..block_quads
    {
#if quads % block_quads == 0
#for o in 0..tile_outputs
      let g_${o} = output_gradient_quad(block * ${block_quads}u + ${q}u, row.sample, output_place(row, output_${o}));
#end
#else
      let quad = block * ${block_quads}u + ${q}u;
#for o in 0..tile_outputs
      let g_${o} = select(
        vec4<f32>(0.0),
        output_gradient_quad(min(quad, quads - 1u), row.sample, output_place(row, output_${o})),
        quad < quads,
      );
#end
#end
#if bias
#for o in 0..tile_outputs
      bias_${o} += dot(g_${o}, vec4<f32>(1.0));
#end
#end
#for f in 0..tile_runs * run_features
      {
        let x = input_${f % run_features}_${q}(run_${f / run_features});
#for o in 0..tile_outputs
        sum_${f}_${o} += dot(x, g_${o});
#end
      }
#end
    }
#end
  }
  let start = copy * copy_stride;
#if scaled
  let counts = select(1.0, scale, step.learns == 1u);
#end
#for f in 0..tile_runs * run_features
#let k = f / run_features
#let part = f % run_features / 4
#let e = f % 4
  if ((run_tile * ${tile_runs}u + ${k}u < ${runs}u) & has_feature(site_${k}, ${part}u, ${e}u)) {
    let at = start + feature_of(site_${k}, ${part}u, ${e}u) * outputs;
#for o in 0..tile_outputs
#if scaled
    if (first_output + ${o}u < end_output) { gradient[at + output_${o}] = sum_${f}_${o} * counts; }
#else
    if (first_output + ${o}u < end_output) { gradient[at + output_${o}] = sum_${f}_${o}; }
#end
#end
  }
#end
#if bias
  if (run_tile == 0u) {
#for o in 0..tile_outputs
    if (first_output + ${o}u < end_output) { gradient[start + features * outputs + output_${o}] = bias_${o}; }
#end
  }
#end
}
