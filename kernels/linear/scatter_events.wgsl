// gradient[start + feature * outputs + o] += the current gradients of the sample `record` added up over
// the t at which the feature spikes, for its first `count` events. scaled_q_o holds the gradients of the
// time steps 4q ... 4q + 3, each times UNIT of t's bit in its word. The bits are no vectors: with such, the
// tutorial's step takes 3.6 ms instead of 1.9 on llvmpipe (Zen 4), and starts but 0.04 s earlier.
  for (var quad = 0u; 4u * quad < count; quad++) {
    let four = entries_texel(record.first + quad);
    for (var e = 0u; e < 4u; e++) {
      let i = 4u * quad + e;
      let word = spikes_texel((sample * capacity + i) * blocks + block);
      let at = start + (four[e] & 0xffffffu) * outputs;
#for o in 0..own
      var total_${o} = 0.0;
#end
#for q in 0..block_quads
#for t in 4 * q..4 * q + 4
#if t < block_steps
      let bit_${t} = word[${t / word_steps}] & (1u << ${t % word_steps}u);
#else
      let bit_${t} = 0u;
#end
#if selects_spikes
      let spikes_${t} = bit_${t} != 0u;
#else
      let factor_${t} = f32(bitcast<i32>(bit_${t}));
#end
#end
#let t = 4 * q
#for o in 0..own
#if selects_spikes
      total_${o} += (select(0.0, scaled_${q}_${o}.x, spikes_${t}) + select(0.0, scaled_${q}_${o}.y, spikes_${t + 1}))
          + (select(0.0, scaled_${q}_${o}.z, spikes_${t + 2}) + select(0.0, scaled_${q}_${o}.w, spikes_${t + 3}));
#else
      total_${o} += (scaled_${q}_${o}.x * factor_${t} + scaled_${q}_${o}.y * factor_${t + 1})
          + (scaled_${q}_${o}.z * factor_${t + 2} + scaled_${q}_${o}.w * factor_${t + 3});
#end
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
