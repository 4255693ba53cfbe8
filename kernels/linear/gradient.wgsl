// Gradient of a Linear layer's parameters: weight[feature][output] = sum over t and the samples of
// input * output gradient, bias[output] = sum of the output gradients. The input is read through
// read_spikes, read_dense or read_constant.
//
// A lane sums a tile of the weights, `tile_fours` times four features times `tile_outputs` outputs, in
// registers, over the rows and blocks of its copy. No atomics: the same result in every run.

#include lib/quads
#include linear/output_gradient
#if scaled
#include lib/batch
#binding var<uniform> step: Step;

override scale: f32;     // what a spike counts in a step that learns
#end

override batch: u32;     // samples
override rows: u32;      // samples, or fours of samples where the input is the same at each time step
override quads: u32;     // of time steps
override features: u32;
override outputs: u32;
override blocks: u32;    // of `block_quads` quads each
override copies: u32;
override copy_stride: u32;  // parameters, rounded up to a multiple of 4

#binding var<storage, read_write> gradient: array<f32>;  // [copies][copy_stride]

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let lane = id.x + id.y * groups.x * ${lanes}u;
  let first_output = lane % ${output_tiles}u * ${tile_outputs}u;
  let first_four = lane / ${output_tiles}u % ${four_tiles}u * ${tile_fours}u;
  let copy = lane / ${output_tiles * four_tiles}u;
  if (copy >= copies) { return; }
#for f in 0..4 * tile_fours
#for o in 0..tile_outputs
  var sum_${f}_${o} = 0.0;
#end
#end
#for o in 0..tile_outputs
  let output_${o} = min(first_output + ${o}u, outputs - 1u);
#if bias
  var bias_${o} = 0.0;
#end
#end
  for (var i = copy; i < blocks * rows; i += copies) {
    let block = i / rows;
    let row = i % rows;
#for four in 0..tile_fours
    let four_${four} = input_four(block, row, min(first_four + ${four}u, ${(features - 1) / 4}u));
#end
#for q in 0..block_quads
    {
#if quads % block_quads == 0
#for o in 0..tile_outputs
      let g_${o} = output_gradient_quad(block * ${block_quads}u + ${q}u, row, output_${o});
#end
#else
      let quad = block * ${block_quads}u + ${q}u;
#for o in 0..tile_outputs
      let g_${o} = select(
        vec4<f32>(0.0),
        output_gradient_quad(min(quad, quads - 1u), row, output_${o}),
        quad < quads,
      );
#end
#end
#if bias
#for o in 0..tile_outputs
      bias_${o} += dot(g_${o}, vec4<f32>(1.0));
#end
#end
#for f in 0..4 * tile_fours
      {
        let x = input_quad(four_${f / 4}[${f % 4}], ${q}u);
#for o in 0..tile_outputs
        sum_${f}_${o} += dot(x, g_${o});
#end
      }
#end
    }
#end
  }
  let start = copy * copy_stride + first_output;
#if scaled
  let counts = select(1.0, scale, step.learns == 1u);
#end
#for f in 0..4 * tile_fours
  if (4u * first_four + ${f}u < features) {
    let at = start + (4u * first_four + ${f}u) * outputs;
#for o in 0..tile_outputs
#if scaled
    if (first_output + ${o}u < outputs) { gradient[at + ${o}u] = sum_${f}_${o} * counts; }
#else
    if (first_output + ${o}u < outputs) { gradient[at + ${o}u] = sum_${f}_${o}; }
#end
#end
  }
#end
#if bias
  if (first_four == 0u) {
#for o in 0..tile_outputs
    if (first_output + ${o}u < outputs) { gradient[start + features * outputs + ${o}u] = bias_${o}; }
#end
  }
#end
}
