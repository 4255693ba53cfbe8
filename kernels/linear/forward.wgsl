// Linear layer: output[t][sample][output] = bias + sum over the features of input * weight. The input is
// read through read_spikes, read_dense or read_constant. A lane computes a tile of the output, `tile_rows`
// rows times `tile_outputs` outputs of one block of quads, in registers.

#include lib/quads
#include linear/parameters
#include linear/store_quad
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

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let lane = id.x + id.y * groups.x * ${lanes}u;
  let first_output = lane % ${output_tiles}u * ${tile_outputs}u;
  let row_tile = lane / ${output_tiles}u % ${row_tiles}u;
  let block = lane / ${output_tiles * row_tiles}u;
  if (block >= blocks) { return; }
#for r in 0..tile_rows
  let row_${r} = row_tile * ${tile_rows}u + ${r}u;
#for q in 0..block_quads
#for o in 0..tile_outputs
  var sum_${r}_${q}_${o} = vec4<f32>(0.0);
#end
#end
#end
#for o in 0..tile_outputs
  let output_${o} = min(first_output + ${o}u, outputs - 1u);
#end
  for (var four = 0u; four < ${(features + 3) / 4}u; four++) {
#for e in 0..4
#if features % 4 == 0
    let start_${e} = (4u * four + ${e}u) * outputs;
#else
    let start_${e} = min(4u * four + ${e}u, features - 1u) * outputs;
#end
#if outputs % 4 == 0
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
    let four_${r} = input_four(block, min(row_${r}, rows - 1u), four);
#for q in 0..block_quads
    {
#for e in 0..4
      let x_${e} = input_quad(four_${r}[${e}], ${q}u);
#end
#for o in 0..tile_outputs
      sum_${r}_${q}_${o} += (x_0 * weight_0_${o} + x_1 * weight_1_${o}) + (x_2 * weight_2_${o} + x_3 * weight_3_${o});
#end
    }
#end
#end
  }
#if scaled
  let counts = select(1.0, scale, step.learns == 1u);
#end
#for o in 0..tile_outputs
#if bias
  let bias_${o} = parameter(features * outputs + output_${o});
#else
  let bias_${o} = 0.0;
#end
#end
#for r in 0..tile_rows
  if (row_${r} < rows) {
#for q in 0..block_quads
    let quad_${q} = block * ${block_quads}u + ${q}u;
    if (quad_${q} < quads) {
#for o in 0..tile_outputs
      if (first_output + ${o}u < outputs) {
#if scaled
        store_quad(quad_${q}, row_${r}, output_${o}, outputs, sum_${r}_${q}_${o} * counts + bias_${o});
#else
        store_quad(quad_${q}, row_${r}, output_${o}, outputs, sum_${r}_${q}_${o} + bias_${o});
#end
      }
#end
    }
#end
  }
#end
}
