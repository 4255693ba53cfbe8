// What a matrix product reads: a number for each (sample, place), the same at each time step. A row
// stands for four samples, whose numbers take the place of a quad of time steps. With the map.

// f32 [batch][features], or of a convolution four samples side by side (conv/pack): [fours][input_size]
#reads input: vec4<f32>;

#include linear/numbers_run

#if contiguous
fn first_of(sample: u32) -> u32 {
  return min(sample, batch - 1u) * ${input_size}u;
}

#if features % 4 == 0
fn input_run(block: u32, row: Row, site: Site) -> Run {
  return transpose(Run(
#for s in 0..4
    input_at((first_of(4u * row.sample + ${s}u) + 4u * site.four) >> 2u),
#end
  ));
}
#else
fn input_run(block: u32, row: Row, site: Site) -> Run {
  return Run(
#for e in 0..4
    numbers_at(row, 4u * site.four + ${e}u),
#end
  );
}

// Features past the last are 0.
fn numbers_at(row: Row, feature: u32) -> vec4<f32> {
  let inside = feature < features;
  let at = select(0u, feature, inside);
  return select(
    vec4<f32>(0.0),
    vec4<f32>(
#for s in 0..4
      number(first_of(4u * row.sample + ${s}u) + at),
#end
    ),
    inside,
  );
}

fn number(i: u32) -> f32 {
  return input_at(i >> 2u)[i & 3u];
}
#end
#else
fn input_run(block: u32, row: Row, site: Site) -> Run {
  let first = row.sample * ${input_size}u;
  return Run(
#for e in 0..4
    numbers_at(first, place_of(row, site.tap_${e}), 4u * site.four + ${e}u),
#end
  );
}

// Features past the last, and what lies beyond an edge, are 0.
fn numbers_at(first: u32, place: u32, feature: u32) -> vec4<f32> {
#if padded
  let inside = (place != NONE) & (feature < features);
#else
  let inside = feature < features;
#end
  return select(vec4<f32>(0.0), input_at(first + select(0u, place, inside)), inside);
}
#end
