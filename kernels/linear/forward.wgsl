// A matrix product, which is a Linear layer or a convolution: output[t][row][output] = bias + sum over the
// features of input * weight. A map says where the numbers of a row are: linear/rows, where a row is a sample,
// or conv/map, where it is a place of a sample. They are read through read_spikes, read_packed, read_dense
// or read_constant. A lane computes a tile of the output, `tile_rows` rows times `tile_outputs` outputs of
// one block of quads, in registers.
//
// Where it is `staged`, for GPUs, a workgroup's `row_lanes` by `output_lanes` lanes share what they multiply: for
// `part_fours` fours of features at a time it lies in workgroup memory, loaded and unpacked once for all of them.

#include lib/quads
#include lib/turns
#include linear/parameters
#include linear/store_quad
#if scaled || sums
#include lib/batch
#binding var<uniform> step: Step;
#end
#if scaled

override scale: f32;     // what a spike counts in a step that learns
#end
#if sums
// Of each tile: how many numbers an output has, their mean and their squared deviations from it.
#binding var<storage, read_write> partials: array<vec4<f32>>;  // [blocks][row tiles][outputs]
#end

override batch: u32;     // samples
override rows: u32;      // of all samples, or of fours of samples where the input is the same at each time step
override quads: u32;     // of time steps
override features: u32;  // of a group
override outputs: u32;   // of all groups
override blocks: u32;    // of `block_quads` quads each
#if staged
#include linear/fours

const ROWS = ${row_lanes * tile_rows}u;               // of a workgroup
const WEIGHTS = ${output_lanes * tile_outputs / 4}u;  // fours of a workgroup's outputs
const PART = ${4 * part_fours}u;                      // features

var<workgroup> numbers: array<vec4<f32>, ${4 * part_fours * block_quads * row_lanes * tile_rows}>;  // [PART][block_quads][ROWS]
var<workgroup> weights: array<vec4<f32>, ${part_fours * output_lanes * tile_outputs}>;              // [PART][WEIGHTS]
#end

@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) own_lane: u32,
) {
#if staged
  let row_lane = own_lane % ${row_lanes}u;
  let output_lane = own_lane / ${row_lanes}u;
  let tile = workgroup.x + workgroup.y * workgroups.x;
  let output_tile = tile % ${output_tiles / output_lanes}u * ${output_lanes}u + output_lane;
  let row_tile = tile / ${output_tiles / output_lanes}u % ${row_tiles / row_lanes}u * ${row_lanes}u + row_lane;
  let block = tile / ${output_tiles / output_lanes * (row_tiles / row_lanes)}u;
  if (block >= blocks) { return; }
#else
  let lane = (workgroup.x + workgroup.y * workgroups.x) * ${lanes}u + own_lane;
#if rows_first
  // What has the same weights is a plane of workgroups: drivers then load a weight once for all of its lanes.
  let row_tile = lane;
  let output_tile = workgroup.z % ${output_tiles}u;
  let block = workgroup.z / ${output_tiles}u;
  if (row_tile >= ${row_tiles}u) { return; }
#else
  let output_tile = lane % ${output_tiles}u;
  let row_tile = lane / ${output_tiles}u % ${row_tiles}u;
  let block = lane / ${output_tiles * row_tiles}u;
  if (block >= blocks) { return; }
#end
#end
#include linear/output_tile
#if staged
  // Lanes beside each other have rows beside each other.
  let first_row = (row_tile - row_lane) * ${tile_rows}u + row_lane;
#else
  let first_row = row_tile * ${tile_rows}u;
#end
#for r in 0..tile_rows
  let index_${r} = first_row + ${r * row_step}u;
  let row_${r} = row_of(min(index_${r}, rows - 1u));
#for q in 0..block_quads
#for o in 0..tile_outputs
  var sum_${r}_${q}_${o} = vec4<f32>(0.0);
#end
#end
#end
#if staged
  for (var first = 0u; first < ${fours}u; first += ${part_fours}u) {
    workgroupBarrier();
    for (var i = own_lane; i < ${part_fours}u * ROWS; i += ${lanes}u) {
      let four = min(first + i / ROWS, ${fours - 1}u);
      let row = row_of(min((row_tile - row_lane) * ${tile_rows}u + i % ROWS, rows - 1u));
      let run = run_of_four(block, row, four, group);
      let counts = select(0.0, 1.0, first + i / ROWS < ${fours}u);
#for e in 0..4
#for q in 0..block_quads
      numbers[(i / ROWS * ${4 * block_quads}u + ${e * block_quads + q}u) * ROWS + i % ROWS] = input_${e}_${q}(run) * counts;
#end
#end
    }
    for (var i = own_lane; i < PART * WEIGHTS; i += ${lanes}u) {
      let four = min(first + i / WEIGHTS / 4u, ${fours - 1}u);
      let start = feature_of(site_of_four(four, group), part_of_four(four), i / WEIGHTS % 4u) * outputs;
      let output = first_output - output_lane * ${tile_outputs}u + 4u * (i % WEIGHTS);
#if group_outputs % 4 == 0
      weights[i] = parameters_at((start + min(output, end_output - 4u)) >> 2u);
#else
      weights[i] = vec4<f32>(
#for o in 0..4
        parameter(start + min(output + ${o}u, end_output - 1u)),
#end
      );
#end
    }
    workgroupBarrier();
    for (var k = 0u; k < PART; k++) {
#for o in 0..tile_outputs / 4
      let weights_${o} = weights[k * WEIGHTS + output_lane * ${tile_outputs / 4}u + ${o}u];
#end
#for r in 0..tile_rows
#for q in 0..block_quads
      {
        let x = numbers[(k * ${block_quads}u + ${q}u) * ROWS + ${r * row_lanes}u + row_lane];
#for o in 0..tile_outputs
        sum_${r}_${q}_${o} += x * weights_${o / 4}[${o % 4}];
#end
      }
#end
#end
    }
  }
#else
  for (var run = 0u; run < ${runs}u; run++) {
    let site = site_of(run, group);
#for r in 0..tile_rows
    var run_${r} = input_run(block, row_${r}, site);
#end
#if run_fours > 1
    for (var part = 0u; part < fours_of(site); part++) {
#else
    {
      let part = 0u;
#end
#for e in 0..4
      let start_${e} = feature_of(site, part, ${e}u) * outputs;
#if group_outputs % 4 == 0
#for o in 0..tile_outputs
#if o % 4 == 0
      let weights_${e}_${o / 4} = parameters_at((start_${e} + output_${o}) >> 2u);
#end
      let weight_${e}_${o} = weights_${e}_${o / 4}[${o % 4}];
#end
#else
#for o in 0..tile_outputs
      let weight_${e}_${o} = parameter(start_${e} + output_${o});
#end
#end
#end
#for r in 0..tile_rows
#for q in 0..block_quads
      {
#for e in 0..4
        let x_${e} = input_${e}_${q}(run_${r});
#end
#for o in 0..tile_outputs
        sum_${r}_${q}_${o} += (x_0 * weight_0_${o} + x_1 * weight_1_${o}) + (x_2 * weight_2_${o} + x_3 * weight_3_${o});
#end
      }
#end
#if run_fours > 1
      run_${r} = next_four(run_${r});
#end
#end
    }
  }
#end
#if scaled
  let counts = select(1.0, scale, step.learns == 1u);
#end
#if sums
  var count = 0.0;
#for r in 0..tile_rows
#for q in 0..block_quads
#if constant
  let live_${r}_${q} = vec4<bool>(index_${r} < rows) &
    (vec4<u32>(4u * row_${r}.sample) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(step.samples));
#else
  let live_${r}_${q} = vec4<bool>((index_${r} < rows) & (row_${r}.sample < step.samples)) &
    (vec4<u32>(4u * (block * ${block_quads}u + ${q}u)) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${steps}u));
#end
  count += dot(select(vec4<f32>(0.0), vec4<f32>(1.0), live_${r}_${q}), vec4<f32>(1.0));
#end
#end
#end
  // A turn for each output and row, so that the text is that of one: it stores the first, then all move up. Mesa 25
  // compiles each store for 20 ms and more: a first layer of 32 channels in 1.0 s so, and in 7 as text.
#if tile_outputs > 1
  for (var turn = 0u; turn < turns(${tile_outputs}u, workgroups); turn++) {
#else
  {
    let turn = 0u;
#end
    let output = min(first_output + turn, end_output - 1u);
    let inside = first_output + turn < end_output;
#if bias
    let bias = parameter(features * outputs + output);
#else
    let bias = 0.0;
#end
#for r in 0..tile_rows
#for q in 0..block_quads
#if scaled
    var value_${r}_${q} = sum_${r}_${q}_0 * counts + bias;
#else
    var value_${r}_${q} = sum_${r}_${q}_0 + bias;
#end
#end
#end
#if sums
    var total = vec4<f32>(0.0);
#for r in 0..tile_rows
#for q in 0..block_quads
    total += select(vec4<f32>(0.0), value_${r}_${q}, live_${r}_${q});
#end
#end
    let mean = dot(total, vec4<f32>(1.0)) / max(count, 1.0);
    var squares = vec4<f32>(0.0);
#for r in 0..tile_rows
#for q in 0..block_quads
    {
      let d = select(vec4<f32>(0.0), value_${r}_${q} - mean, live_${r}_${q});
      squares += d * d;
    }
#end
#end
    if (inside) {
      partials[(block * ${row_tiles}u + row_tile) * outputs + output] =
        vec4<f32>(count, mean, dot(squares, vec4<f32>(1.0)), 0.0);
    }
#end
#if tile_rows > 1
    for (var r = 0u; r < turns(${tile_rows}u, workgroups); r++) {
#else
    {
      let r = 0u;
#end
      let index = first_row + r * ${row_step}u;
      if (inside & (index < rows)) {
        let row = row_of(index);
#for q in 0..block_quads
        let quad_${q} = block * ${block_quads}u + ${q}u;
        if (quad_${q} < quads) {
          store_quad(quad_${q}, row.sample, output_place(row, output), ${output_size}u, value_0_${q});
        }
#end
      }
#for r in 0..tile_rows - 1
#for q in 0..block_quads
      value_${r}_${q} = value_${r + 1}_${q};
#end
#end
    }
#for r in 0..tile_rows
#for q in 0..block_quads
#for o in 0..tile_outputs - 1
    sum_${r}_${q}_${o} = sum_${r}_${q}_${o + 1};
#end
#end
#end
  }
}
