// sum_t_o: the weights from the features of a sample that spike at t, to output first + o, added up, divided by
// UNIT of t's bit in its word. For one block of time steps and `own` outputs, all in registers.
//
// A few time steps are a function: the time that Deno takes to read and check a function grows with the square of its
// text (for the tutorial's step 300 ms if it is all one, 115 so).

#for t in 0..block_steps
#for o in 0..own
var<private> sum_${t}_${o}: f32;
#end
#end
// Of the features of a texel: their spikes and weights.
#for e in 0..4
var<private> word_${e}: vec4<u32>;
#for o in 0..own
var<private> weight_${e}_${o}: f32;
#end
#end

#let sum_steps = 16
#for piece in 0..(block_steps + sum_steps - 1) / sum_steps
fn add_steps_${piece}() {
#for t in sum_steps * piece..min(sum_steps * piece + sum_steps, block_steps)
#for e in 0..4
  let bit_${e}_${t} = word_${e}[${t / word_steps}] & (1u << ${t % word_steps}u);
#if selects_spikes
  let spikes_${e}_${t} = bit_${e}_${t} != 0u;
#else
  let factor_${e}_${t} = f32(bitcast<i32>(bit_${e}_${t}));
#end
#end
#for o in 0..own
#if selects_spikes
  sum_${t}_${o} += select(0.0, weight_0_${o}, spikes_0_${t}) + select(0.0, weight_1_${o}, spikes_1_${t})
      + select(0.0, weight_2_${o}, spikes_2_${t}) + select(0.0, weight_3_${o}, spikes_3_${t});
#else
  sum_${t}_${o} += weight_0_${o} * factor_0_${t} + weight_1_${o} * factor_1_${t}
      + weight_2_${o} * factor_2_${t} + weight_3_${o} * factor_3_${t};
#end
#end
#end
}
#end

fn sum_events(record: Sample, sample: u32, block: u32, first: u32) {
#for t in 0..block_steps
#for o in 0..own
  sum_${t}_${o} = 0.0;
#end
#end
  let texels = (record.events + 3u) >> 2u;
  for (var i = 0u; i < texels; i++) {
    let feature = entries_texel(record.first + i) & vec4<u32>(0xffffffu);
#for e in 0..4
    let row_${e} = feature[${e}] * outputs + first;
    word_${e} = spikes_texel((sample * capacity + i * 4u + ${e}u) * blocks + block);
#for o in 0..own
#if own % 4 == 0 && outputs % 4 == 0
#if o % 4 == 0
    let weights_${e}_${o / 4} = parameter_quad(row_${e} + ${o}u);
#end
    weight_${e}_${o} = weights_${e}_${o / 4}[${o % 4}];
#else
    weight_${e}_${o} = parameter(row_${e} + ${o}u);
#end
#end
#end
#for piece in 0..(block_steps + sum_steps - 1) / sum_steps
    add_steps_${piece}();
#end
  }
}
