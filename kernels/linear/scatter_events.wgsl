// gradient[start + feature * outputs + o] += the current gradients of the sample `record` added up over
// the t at which the feature spikes, for its first `count` events. scaled_q_o holds the gradients of the
// time steps 4q ... 4q + 3, each times UNIT of t's bit in its word.
  for (var quad = 0u; 4u * quad < count; quad++) {
    let four = textureLoad(entries, texel(record.first + quad), 0);
    for (var e = 0u; e < 4u; e++) {
      let i = 4u * quad + e;
      let word = textureLoad(spikes, texel((sample * capacity + i) * blocks + block), 0);
      let at = start + (four[e] & 0xffffffu) * outputs;
#for o in 0..own
      var total_${o} = 0.0;
#end
#for q in 0..block_quads
      let bits_${q} = vec4<u32>(
#for t in 4 * q..4 * q + 4
#if t < block_steps
        word[${t / word_steps}] & (1u << ${t % word_steps}u),
#else
        0u,
#end
#end
      );
#if selects_spikes
      let spikes_${q} = bits_${q} != vec4<u32>();
#else
      let factors_${q} = vec4<f32>(bitcast<vec4<i32>>(bits_${q}));
#end
#for o in 0..own
#if selects_spikes
      let shares_${q}_${o} = select(vec4<f32>(), scaled_${q}_${o}, spikes_${q});
#else
      let shares_${q}_${o} = scaled_${q}_${o} * factors_${q};
#end
      total_${o} += (shares_${q}_${o}.x + shares_${q}_${o}.y) + (shares_${q}_${o}.z + shares_${q}_${o}.w);
#end
#end
#for o in 0..own
      // The select keeps the sum out of the guarded, lane-by-lane store: without it LLVM sinks it there.
#if exact
      gradient[at + ${o}u] += select(0.0, total_${o}, i < count);
#else
      if (first + ${o}u < outputs) { gradient[at + ${o}u] += select(0.0, total_${o}, i < count); }
#end
#end
    }
  }
