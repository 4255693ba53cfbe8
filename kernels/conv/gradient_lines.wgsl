// Gradient of the parameters of a convolution of packed spikes whose neighbours on a line of the output see
// neighbouring places of the input: weight[tap][channel][output] = sum over t and the places of spike * output
// gradient. linear/gradient is the same of any matrix product. With conv/map and conv/read_packed.
//
// A lane sums `tile_taps` taps of a line of the kernel times the channels of a texel times `tile_outputs` outputs,
// in registers, over the lines of the output and blocks of its copy. It goes along a line: what is under one tap is
// under the one before at the next place, so that a place takes one load of spikes, and one of each output's
// gradient for all taps.

#include lib/quads
#include lib/turns
#include linear/output_gradient
#if scaled
#include lib/batch
#binding var<uniform> step: Step;

override scale: f32;     // what a spike counts in a step that learns
#end

override batch: u32;     // samples
override quads: u32;     // of time steps
override features: u32;  // of a group
override outputs: u32;   // of all groups
override blocks: u32;    // of `block_quads` quads each
override copies: u32;
override copy_stride: u32;  // parameters, rounded up to a multiple of 4

#binding var<storage, read_write> gradient: array<f32>;  // [copies][copy_stride]

const LINES = ${out_height}u;  // of a sample's output

// Place x of a line of the output.
fn row_on(sample: u32, line: u32, x: u32) -> Row {
  return Row(sample, line * ${out_width}u + x, line * ${stride_y}u - ${pad_y}u, x - ${pad_x}u);
}

// Which time steps of quad q have a spike, of channel k of a run.
#for k in 0..tile_channels
#for q in 0..block_quads
#let b = 4 * (k * block_quads + q)
fn spikes_${k}_${q}(run: Run) -> vec4<bool> {
  return (vec4<u32>(run[${b / 32}]) & vec4<u32>(1u << ${b % 32}u, 1u << ${b % 32 + 1}u, 1u << ${b % 32 + 2}u, 1u << ${b % 32 + 3}u)) != vec4<u32>(0u);
}
#end
#end

// The sum and what spikes let through: one by one, as a vector of 512 bits then adds them under a mask, unmultiplied;
// with the sum of the four 12C5-MP2-64C5-MP2-10's kernel takes 1.2 times as long. Adding -0.0 changes no number.
fn with_spikes(sum: f32, spikes: vec4<bool>, g: vec4<f32>) -> f32 {
  let through = select(vec4<f32>(-0.0), g, spikes);
  return sum + through.x + through.y + through.z + through.w;
}

@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) own_lane: u32,
) {
  let lane = (workgroup.x + workgroup.y * workgroups.x) * ${lanes}u + own_lane;
  let run_tile = lane % ${run_tiles}u;
  let output_tile = lane / ${run_tiles}u % ${output_tiles}u;
  let copy = lane / ${output_tiles * run_tiles}u;
  if (copy >= copies) { return; }
  let tap_line = run_tile / ${tap_tiles * texels}u;
  let texel = run_tile / ${tap_tiles}u % ${texels}u;
  let first_tap = run_tile % ${tap_tiles}u * ${tile_taps}u;
#include linear/output_tile
#for k in 0..tile_taps
#for c in 0..tile_channels
#for o in 0..tile_outputs
  var sum_${k}_${c}_${o} = 0.0;
#end
#end
#end
#if bias
#for o in 0..tile_outputs
  var bias_${o} = 0.0;
#end
#end
#for k in 0..tile_taps
  let site_${k} = Site(Tap(0u, tap_line * ${dilation_y}u, first_tap + ${k}u), 0u, 0u, group * ${texels}u + texel);
#end
  for (var i = copy; i < blocks * batch * LINES; i += copies) {
    let block = i / (batch * LINES);
    let sample = i / LINES % batch;
    let line = i % LINES;
#for k in 0..tile_taps - 1
    var run_${k} = input_run(block, row_on(sample, line, 0u), site_${k});
#end
    for (var x = 0u; x < ${out_width}u; x++) {
      let row = row_on(sample, line, x);
      let run_${tile_taps - 1} = input_run(block, row, site_${tile_taps - 1});
#for q in 0..block_quads
      {
        let quad = block * ${block_quads}u + ${q}u;
#for o in 0..tile_outputs
#if quads % block_quads == 0
        let g_${o} = output_gradient_quad(quad, sample, output_place(row, output_${o}));
#else
        let g_${o} = select(
          vec4<f32>(0.0),
          output_gradient_quad(min(quad, quads - 1u), sample, output_place(row, output_${o})),
          quad < quads,
        );
#end
#if bias
        bias_${o} += dot(g_${o}, vec4<f32>(1.0));
#end
#end
#for k in 0..tile_taps
#for c in 0..tile_channels
        {
          let spikes = spikes_${c}_${q}(run_${k});
#for o in 0..tile_outputs
          sum_${k}_${c}_${o} = with_spikes(sum_${k}_${c}_${o}, spikes, g_${o});
#end
        }
#end
#end
      }
#end
#for k in 0..tile_taps - 1
      run_${k} = run_${k + 1};
#end
    }
  }
  let start = copy * copy_stride;
#if scaled
  let counts = select(1.0, scale, step.learns == 1u);
#end
  // A turn for each tap and channel, so that the text is that of one: it stores the first, then the others move up.
  for (var k = 0u; k < turns(${tile_taps}u, workgroups); k++) {
    let tap = tap_line * ${kernel_width}u + first_tap + k;
    for (var c = 0u; c < turns(${tile_channels}u, workgroups); c++) {
      let channel = texel * ${tile_channels}u + c;
      let at = start + (tap * ${channels}u + channel) * outputs;
      if ((first_tap + k < ${kernel_width}u) & (channel < ${channels}u)) {
#for o in 0..tile_outputs
#if group_outputs % tile_outputs == 0
        {
#else
        if (first_output + ${o}u < end_output) {
#end
#if scaled
          gradient[at + output_${o}] = sum_0_0_${o} * counts;
#else
          gradient[at + output_${o}] = sum_0_0_${o};
#end
        }
#end
      }
#for c in 0..tile_channels - 1
#for o in 0..tile_outputs
      sum_0_${c}_${o} = sum_0_${c + 1}_${o};
#end
#end
    }
#for k in 0..tile_taps - 1
#for c in 0..tile_channels
#for o in 0..tile_outputs
    sum_${k}_${c}_${o} = sum_${k + 1}_${c}_${o};
#end
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
