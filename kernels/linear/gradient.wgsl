// Gradient of the parameters of a matrix product, which is a Linear layer or a convolution:
// weight[feature][output] = sum over t and the rows of input * output gradient, bias[output] = sum of the
// output gradients. See forward for the map and the readers.
//
// A lane sums a tile of the weights, the features of `tile_runs` runs times `tile_outputs` outputs, in
// registers, over the rows and blocks of its copy. No atomics: the same result in every run.
// Where it is `staged`, `row_lanes` by `output_lanes` lanes share `part_rows` rows at a time, and a lane has a
// four of features.

#include lib/quads
#include lib/turns
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
#if staged
#include linear/fours

const PART = ${part_rows * block_quads}u;             // quads of rows
const OUTPUTS = ${output_lanes * tile_outputs}u;      // of a workgroup

var<workgroup> numbers: array<vec4<f32>, ${4 * part_rows * block_quads * row_lanes}>;                   // [PART][4][row_lanes]
var<workgroup> gradients: array<vec4<f32>, ${part_rows * block_quads * output_lanes * tile_outputs}>;  // [PART][OUTPUTS]
#end

@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) own_lane: u32,
) {
#if staged
  let four_lane = own_lane % ${row_lanes}u;
  let output_lane = own_lane / ${row_lanes}u;
  let tile = workgroup.x + workgroup.y * workgroups.x;
  let output_tile = tile % ${output_tiles / output_lanes}u * ${output_lanes}u + output_lane;
  let run_tile = tile / ${output_tiles / output_lanes}u % ${run_tiles / row_lanes}u * ${row_lanes}u + four_lane;
  let copy = tile / ${output_tiles / output_lanes * (run_tiles / row_lanes)}u;
#else
  let lane = (workgroup.x + workgroup.y * workgroups.x) * ${lanes}u + own_lane;
#if taps_first
  let run_tile = lane % ${run_tiles}u;
  let output_tile = lane / ${run_tiles}u % ${output_tiles}u;
#else
  let output_tile = lane % ${output_tiles}u;
  let run_tile = lane / ${output_tiles}u % ${run_tiles}u;
#end
  let copy = lane / ${output_tiles * run_tiles}u;
#end
  if (copy >= copies) { return; }
#include linear/output_tile
#if staged
  let site_0 = site_of_four(min(run_tile, ${fours - 1}u), group);
  let part = part_of_four(min(run_tile, ${fours - 1}u));
#else
#for k in 0..tile_runs
  let site_${k} = site_of(min(run_tile * ${tile_runs}u + ${k}u, ${runs - 1}u), group);
#end
#end
#for f in 0..tile_runs * run_features
#for o in 0..tile_outputs
  var sum_${f}_${o} = 0.0;
#end
#end
#if bias
#for o in 0..tile_outputs
  var bias_${o} = 0.0;
#end
#end
#if staged
  for (var first = copy * ${part_rows}u; first < blocks * rows; first += copies * ${part_rows}u) {
    workgroupBarrier();
    for (var i = own_lane; i < ${part_rows * row_lanes}u; i += ${lanes}u) {
      let at = min(first + i / ${row_lanes}u, blocks * rows - 1u);
      let four = min(run_tile - four_lane + i % ${row_lanes}u, ${fours - 1}u);
      let run = run_of_four(at / rows, row_of(at % rows), four, group);
#for q in 0..block_quads
#for e in 0..4
      numbers[(i / ${row_lanes}u * ${4 * block_quads}u + ${4 * q + e}u) * ${row_lanes}u + i % ${row_lanes}u] = input_${e}_${q}(run);
#end
#end
    }
    // Lanes beside each other read the same output of rows beside each other.
    for (var i = own_lane; i < PART * OUTPUTS; i += ${lanes}u) {
      let at = first + i % PART / ${block_quads}u;
      let quad = at / rows * ${block_quads}u + i % ${block_quads}u;
      let inside = (at < blocks * rows) & (quad < quads);
      let row = row_of(select(0u, at % rows, inside));
      let output = min(first_output - output_lane * ${tile_outputs}u + i / PART, end_output - 1u);
      let g = output_gradient_quad(select(0u, quad, inside), row.sample, output_place(row, output));
      gradients[i % PART * OUTPUTS + i / PART] = select(vec4<f32>(0.0), g, inside);
    }
    workgroupBarrier();
    for (var k = 0u; k < PART; k++) {
#for e in 0..4
      let x_${e} = numbers[(4u * k + ${e}u) * ${row_lanes}u + four_lane];
#end
#for o in 0..tile_outputs
      {
        let g = gradients[k * OUTPUTS + output_lane * ${tile_outputs}u + ${o}u];
#if bias
        if (run_tile < ${row_lanes}u) { bias_${o} += dot(g, vec4<f32>(1.0)); }
#end
#for e in 0..4
        sum_${e}_${o} += dot(x_${e}, g);
#end
      }
#end
    }
  }
#else
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
#end
  let start = copy * copy_stride;
#if scaled
  let counts = select(1.0, scale, step.learns == 1u);
#end
  // A turn for each feature, so that the text is that of one: it stores the first, then the others move up, those
  // of a four each time.
#if staged
  {
    let site = site_0;
    let inside = run_tile < ${fours}u;
#else
#if tile_runs * run_features > 4
  for (var turn = 0u; turn < turns(${tile_runs * run_features / 4}u, workgroups); turn++) {
    let part = turn % ${run_features / 4}u;
    let run = run_tile * ${tile_runs}u + turn / ${run_features / 4}u;
#else
  {
    let part = 0u;
    let run = run_tile;
#end
    let site = site_of(min(run, ${runs - 1}u), group);
    let inside = run < ${runs}u;
#end
    for (var e = 0u; e < turns(4u, workgroups); e++) {
      if (inside & has_feature(site, part, e)) {
        let at = start + feature_of(site, part, e) * outputs;
#for o in 0..tile_outputs
#if scaled
        if (first_output + ${o}u < end_output) { gradient[at + output_${o}] = sum_0_${o} * counts; }
#else
        if (first_output + ${o}u < end_output) { gradient[at + output_${o}] = sum_0_${o}; }
#end
#end
      }
#for f in 0..3
#for o in 0..tile_outputs
      sum_${f}_${o} = sum_${f + 1}_${o};
#end
#end
    }
#for f in 0..tile_runs * run_features - 4
#for o in 0..tile_outputs
    sum_${f}_${o} = sum_${f + 4}_${o};
#end
#end
  }
#if bias
  if (run_tile == 0u) {
#for o in 0..tile_outputs
    if (first_output + ${o}u < end_output) { gradient[start + features * outputs + output_${o}] = bias_${o}; }
#end
  }
#end
}
