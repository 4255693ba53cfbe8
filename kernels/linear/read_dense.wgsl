// What a matrix product reads: a number for each (time step, sample, place). A block is one quad of
// time steps. With lib/quads and the map.

#reads input: vec4<f32>;  // dense, of batch * input_size numbers

#include linear/numbers_run

// Features past the last, and what lies beyond an edge, are 0.
fn input_run(block: u32, row: Row, site: Site) -> Run {
  let first = row.sample * ${input_size}u;
  return Run(
#for e in 0..4
    number_${e}(block, first, place_of(row, site.tap_${e}), 4u * site.four + ${e}u),
#end
  );
}

#for e in 0..4
fn number_${e}(block: u32, first: u32, place: u32, feature: u32) -> vec4<f32> {
#if padded
  let inside = place != NONE;
  let value = input_at(quad_at(block, first + select(0u, place, inside)));
  return select(vec4<f32>(0.0), value, inside & (feature < features));
#else
#if features % 4 == 0
  return input_at(quad_at(block, first + place));
#else
  return select(vec4<f32>(0.0), input_at(quad_at(block, first + place)), feature < features);
#end
#end
}
#end
