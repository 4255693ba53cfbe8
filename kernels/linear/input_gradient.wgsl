// Gradient of the input of a matrix product, which is a Linear layer or a convolution: input gradient[t][row]
// [feature] = sum over the taps and the outputs of weight * output gradient. See forward for the map. A lane
// computes a tile, `tile_rows` rows of the input times `tile_features` features of one quad, in registers. Where
// `line_taps` of the kernel lie on a line, the rows are neighbours on a line of the input: what one loads of the
// output is under another tap what its neighbour needs.
// Where they are `phased`, a tile's rows are under the same taps of a kernel that moves by more than a place.
// Where it is `staged`, `row_lanes` by `feature_lanes` lanes share `part_fours` fours of outputs at a time.

#include lib/quads
#include lib/turns
#include linear/parameters
#include linear/output_gradient
#include linear/store_quad
#if scaled
#include lib/batch
#binding var<uniform> step: Step;

override scale: f32;     // what a spike counts in a step that learns
#end

override batch: u32;     // samples
override rows: u32;      // of the input of all samples, or of fours of samples where it is the same at each time step
override quads: u32;     // of time steps
override features: u32;  // of a group, all taps
override outputs: u32;   // of all groups
#if staged

const ROWS = ${row_lanes * tile_rows}u;             // of a workgroup
const FEATURES = ${feature_lanes * tile_features}u;
const OUTPUTS = ${(group_outputs + 3) / 4 * 4}u;    // of a group, whole fours
const PART = ${4 * part_fours}u;                    // outputs

var<workgroup> gradients: array<vec4<f32>, ${4 * part_fours * row_lanes * tile_rows}>;         // [PART][ROWS]
var<workgroup> weights: array<vec4<f32>, ${part_fours * feature_lanes * tile_features}>;  // [PART / 4][FEATURES]
#end

@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) own_lane: u32,
) {
#if staged
  let row_lane = own_lane % ${row_lanes}u;
  let feature_lane = own_lane / ${row_lanes}u;
  let tile = workgroup.x + workgroup.y * workgroups.x;
  let feature_tile = tile % ${feature_tiles / feature_lanes}u * ${feature_lanes}u + feature_lane;
  let row_tile = tile / ${feature_tiles / feature_lanes}u % ${row_tiles / row_lanes}u * ${row_lanes}u + row_lane;
  let quad = tile / ${feature_tiles / feature_lanes * (row_tiles / row_lanes)}u;
  if (quad >= quads) { return; }
#else
  let lane = (workgroup.x + workgroup.y * workgroups.x) * ${lanes}u + own_lane;
#if rows_first
  // As on the way forward, what has the same weights is a plane of workgroups.
  let row_tile = lane;
  let feature_tile = workgroup.z % ${feature_tiles}u;
  let quad = workgroup.z / ${feature_tiles}u;
  if (row_tile >= ${row_tiles}u) { return; }
#else
  let feature_tile = lane % ${feature_tiles}u;
  let row_tile = lane / ${feature_tiles}u % ${row_tiles}u;
  let quad = lane / ${feature_tiles * row_tiles}u;
  if (quad >= quads) { return; }
#end
#end
#if groups > 1
  let group = feature_tile / ${feature_tiles / groups}u;
  let first_feature = feature_tile % ${feature_tiles / groups}u * ${tile_features}u;
#else
  let group = 0u;
  let first_feature = feature_tile * ${tile_features}u;
#end
  let first_output = group * ${group_outputs}u;
#if line_taps > 1
  // The places behind the rows are those whose outputs the rows reach, too.
#if samples_first
  let line = row_tile % ${samples}u * ${lines}u + row_tile / ${samples}u % ${lines}u;
  let first_row = row_tile / ${samples * lines}u * ${tile_rows}u;
#else
  let line = row_tile / ${segments}u;
  let first_row = row_tile % ${segments}u * ${tile_rows}u;
#end
#for r in 0..tile_rows + line_taps - 1
  let row_${r} = input_row_of(line, first_row + ${r}u);
#end
#else
#if staged
  let first_row = (row_tile - row_lane) * ${tile_rows}u + row_lane;
#else
  let first_row = row_tile * ${tile_rows}u;
#end
#for r in 0..tile_rows
#if phased
  let row_${r} = phase_row(first_row + ${r}u, rows);
#else
  let row_${r} = input_row(min(first_row + ${r * row_step}u, rows - 1u));
#end
#end
#end
#for r in 0..tile_rows
#for f in 0..tile_features
  var sum_${r}_${f} = vec4<f32>(0.0);
#end
#end
#for f in 0..tile_features
  let feature_${f} = min(first_feature + ${f}u, ${tap_features - 1}u);
#end
#if staged
  for (var first = 0u; first < ${taps}u * OUTPUTS; first += PART) {
    workgroupBarrier();
    for (var i = own_lane; i < PART * ROWS; i += ${lanes}u) {
      let tap = (first + i / ROWS) / OUTPUTS;
      let output = (first + i / ROWS) % OUTPUTS;
      let row = input_row(min((row_tile - row_lane) * ${tile_rows}u + i % ROWS, rows - 1u));
      let position = position_of(row, tap);
#if back_padded
      let inside = (tap < ${taps}u) & (output < ${group_outputs}u) & (position != NONE);
#else
      let inside = (tap < ${taps}u) & (output < ${group_outputs}u);
#end
      let place = gradient_place(select(0u, position, inside), first_output + select(0u, output, inside));
      gradients[i] = select(vec4<f32>(0.0), output_gradient_quad(quad, row.sample, place), inside);
    }
    for (var i = own_lane; i < ${part_fours}u * FEATURES; i += ${lanes}u) {
      let tap = min((first + i / FEATURES * 4u) / OUTPUTS, ${taps - 1}u);
      let output = (first + i / FEATURES * 4u) % OUTPUTS;
      let feature = min(first_feature - feature_lane * ${tile_features}u + i % FEATURES, ${tap_features - 1}u);
      let start = (tap * ${tap_features}u + feature) * outputs + first_output;
#if group_outputs % 4 == 0
      weights[i] = parameters_at((start + output) >> 2u);
#else
      weights[i] = vec4<f32>(
#for o in 0..4
        parameter(start + min(output + ${o}u, ${group_outputs - 1}u)),
#end
      );
#end
    }
    workgroupBarrier();
    for (var four = 0u; four < ${part_fours}u; four++) {
#for f in 0..tile_features
      let weights_${f} = weights[four * FEATURES + feature_lane * ${tile_features}u + ${f}u];
#end
#for o in 0..4
#for r in 0..tile_rows
      {
        let g = gradients[(four * 4u + ${o}u) * ROWS + ${r * row_lanes}u + row_lane];
#for f in 0..tile_features
        sum_${r}_${f} += g * weights_${f}[${o}];
#end
      }
#end
#end
    }
  }
#else
#if line_taps > 1
  for (var tap_line = first_tap_line(row_0); tap_line < end_tap_line(row_0); tap_line++) {
#else
#if phased
  let covering = covering_taps(row_0);
  for (var tap_y = 0u; tap_y < covering.y; tap_y++) {
  for (var tap_x = 0u; tap_x < covering.x; tap_x++) {
    let tap_line = covering_tap(row_0, tap_x, tap_y);
#else
#if taps > 1
  for (var tap_line = 0u; tap_line < ${taps}u; tap_line++) {
#else
  {
    let tap_line = 0u;
#end
#end
#end
    // What these have under a line's last tap, row r has line_taps - 1 - k further on under tap k.
#for w in window_from..window_end
#if phased
    let position_${w} = position_under(row_${w}, tap_x, tap_y);
#else
    let position_${w} = position_of(row_${w}, tap_line * ${line_taps}u + ${line_taps - 1}u);
#end
#if back_padded
    let inside_${w} = position_${w} != NONE;
    let at_${w} = select(0u, position_${w}, inside_${w});
#else
    let at_${w} = position_${w};
#end
#end
#for f in 0..tile_features
    let start_${f} = (tap_line * ${line_taps * tap_features}u + feature_${f}) * outputs + first_output;
#end
    for (var output = 0u; output < ${group_outputs}u; output += ${own}u) {
#for w in window_from..window_end
#for o in 0..own
#if back_padded
      let g_${w}_${o} = select(
        vec4<f32>(0.0),
        output_gradient_quad(quad, row_${w}.sample, gradient_place(at_${w}, first_output + output + ${o}u)),
        inside_${w},
      );
#else
      let g_${w}_${o} = output_gradient_quad(quad, row_${w}.sample, gradient_place(at_${w}, first_output + output + ${o}u));
#end
#end
#end
#for f in 0..tile_features
      {
#for k in 0..line_taps
#if own == 4
        let weights_${k} = parameters_at((start_${f} + output + ${k * tap_features}u * outputs) >> 2u);
#end
#for o in 0..own
#if own == 4
        let weight_${k}_${o} = weights_${k}[${o}];
#else
        let weight_${k}_${o} = parameter(start_${f} + output + ${k * tap_features}u * outputs + ${o}u);
#end
#end
#end
#for r in 0..tile_rows
        sum_${r}_${f} = sum_${r}_${f}
#for k in 0..line_taps
#let w = r + line_taps - 1 - k
#if w >= window_from && w < window_end
#for o in 0..own
          + g_${w}_${o} * weight_${k}_${o}
#end
#end
#end
          ;
#end
      }
#end
    }
#if phased
  }
#end
  }
#end
#if scaled
  let counts = select(1.0, scale, step.learns == 1u);
#end
  // A turn for each row of each four of features, so that the text is that of one: it stores the first, then the
  // others move up.
  let end_feature = min(first_feature + ${tile_features}u, ${tap_features}u);
#if tile_features > 4
  for (var four = first_feature; four < end_feature; four += 4u) {
#else
  {
    let four = first_feature;
#end
#if tile_rows > 1
    for (var r = 0u; r < turns(${tile_rows}u, workgroups); r++) {
#else
    {
      let r = 0u;
#end
#if line_taps > 1
      let row = input_row_of(line, first_row + r);
      let live = first_row + r < ${line_places}u;
#else
      let index = first_row + r * ${row_step}u;
#if phased
      let row = phase_row(index, rows);
#else
      let row = input_row(min(index, rows - 1u));
#end
      let live = index < rows;
#end
#for f in 0..min(4, tile_features)
      if (live & (four + ${f}u < end_feature)) {
        let place = input_place(row, group, four + ${f}u);
#if scaled
        store_quad(quad, row.sample, place, ${input_size}u, sum_0_${f} * counts);
#else
        store_quad(quad, row.sample, place, ${input_size}u, sum_0_${f});
#end
      }
#for r in 0..tile_rows - 1
      sum_${r}_${f} = sum_${r + 1}_${f};
#end
#end
    }
#for r in 0..tile_rows
#for f in 0..tile_features - 4
    sum_${r}_${f} = sum_${r}_${f + 4};
#end
#end
  }
}
