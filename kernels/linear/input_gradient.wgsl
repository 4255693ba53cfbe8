// Gradient of a Linear layer's input: input gradient[t][sample][feature] = sum over the outputs of
// weight * output gradient. A lane computes a tile, `tile_rows` rows times `tile_features` features of
// one quad, in registers.

#include lib/quads
#include linear/parameters
#include linear/output_gradient
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

@compute @workgroup_size(${lanes})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let lane = id.x + id.y * groups.x * ${lanes}u;
  let first_feature = lane % ${feature_tiles}u * ${tile_features}u;
  let row_tile = lane / ${feature_tiles}u % ${row_tiles}u;
  let quad = lane / ${feature_tiles * row_tiles}u;
  if (quad >= quads) { return; }
#for r in 0..tile_rows
  let row_${r} = row_tile * ${tile_rows}u + ${r}u;
#for f in 0..tile_features
  var sum_${r}_${f} = vec4<f32>(0.0);
#end
#end
#for f in 0..tile_features
  let start_${f} = min(first_feature + ${f}u, features - 1u) * outputs;
#end
  for (var output = 0u; output < outputs; output += ${own}u) {
#for r in 0..tile_rows
#for o in 0..own
    let g_${r}_${o} = output_gradient_quad(quad, min(row_${r}, rows - 1u), output + ${o}u);
#end
#end
#for f in 0..tile_features
    {
#if own == 4
      let weights = parameters_at((start_${f} + output) >> 2u);
#end
#for o in 0..own
#if own == 4
      let weight_${o} = weights[${o}];
#else
      let weight_${o} = parameter(start_${f} + output + ${o}u);
#end
#end
#for r in 0..tile_rows
      sum_${r}_${f} += g_${r}_0 * weight_0
#for o in 1..own
          + g_${r}_${o} * weight_${o}
#end
          ;
#end
    }
#end
  }
#if scaled
  let counts = select(1.0, scale, step.learns == 1u);
#end
#for r in 0..tile_rows
  if (row_${r} < rows) {
#for f in 0..tile_features
    if (first_feature + ${f}u < features) {
#if scaled
      store_quad(quad, row_${r}, first_feature + ${f}u, features, sum_${r}_${f} * counts);
#else
      store_quad(quad, row_${r}, first_feature + ${f}u, features, sum_${r}_${f});
#end
    }
#end
  }
#end
}
