// Adds `own` weights at each time step at which a pixel spikes, for a number of pixels, in registers:
// two sums for each weight, so that one addition needn't wait for the one before. What the spikes are
// doesn't matter.

override lanes: u32;
override pixels: u32;

#binding var<uniform> weights: array<vec4<f32>, 2>;
#binding var<storage, read_write> sums: array<f32>;  // [lanes]

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= lanes) { return; }
#for o in 0..own
  let weight_${o} = weights[${o / 4}][${o % 4}];
  var even_${o} = 0.0;
  var odd_${o} = 0.0;
#end
  var word = id.x;
  for (var i = 0u; i < pixels; i++) {
#for t in 0..steps
#if t % 25 == 0
    word = word * 0x7feb352du + 0x9e3779b9u;
#end
    let bit_${t} = word & (1u << ${t % 25}u);
#if selects_spikes
    let spikes_${t} = bit_${t} != 0u;
#else
    let factor_${t} = f32(bitcast<i32>(bit_${t}));
#end
#for o in 0..own
#if selects_spikes
    let added_${t}_${o} = select(0.0, weight_${o}, spikes_${t});
#else
    let added_${t}_${o} = weight_${o} * factor_${t};
#end
#if t % 2 == 0
    even_${o} += added_${t}_${o};
#else
    odd_${o} += added_${t}_${o};
#end
#end
#end
  }
  sums[id.x] = 0.0
#for o in 0..own
      + even_${o} + odd_${o}
#end
      ;
}
