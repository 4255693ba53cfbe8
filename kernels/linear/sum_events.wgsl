// sum_t_o: the weights from the features of the sample `record` that spike at t, to output first + o,
// added up, divided by UNIT of t's bit in its word. For one block of time steps and `own` outputs, all in registers.
#for t in 0..block_steps
#for o in 0..own
  var sum_${t}_${o} = 0.0;
#end
#end
  let texels = (record.events + 3u) >> 2u;
  for (var i = 0u; i < texels; i++) {
    let feature = textureLoad(entries, texel(record.first + i), 0) & vec4<u32>(0xffffffu);
#for e in 0..4
    let row_${e} = feature[${e}] * outputs + first;
    let word_${e} = textureLoad(spikes, texel((sample * capacity + i * 4u + ${e}u) * blocks + block), 0);
#for o in 0..own
#if own % 4 == 0 && outputs % 4 == 0
#if o % 4 == 0
    let weights_${e}_${o / 4} = parameter_quad(row_${e} + ${o}u);
#end
    let weight_${e}_${o} = weights_${e}_${o / 4}[${o % 4}];
#else
    let weight_${e}_${o} = parameter(row_${e} + ${o}u);
#end
#end
#end
#for t in 0..block_steps
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
