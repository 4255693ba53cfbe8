// Runs of what a matrix product reads where that is numbers (read_dense, read_constant): four features. With the map.
struct Site {
  four: u32,
#for e in 0..4
  tap_${e}: Tap,
#end
}

fn site_of(four: u32, group: u32) -> Site {
  return Site(
    four,
#for e in 0..4
    tap_of(min(4u * four + ${e}u, features - 1u), group),
#end
  );
}

fn fours_of(site: Site) -> u32 {
  return 1u;
}

fn feature_of(site: Site, part: u32, e: u32) -> u32 {
#if features % 4 == 0
  return 4u * site.four + e;
#else
  return min(4u * site.four + e, features - 1u);
#end
}

fn has_feature(site: Site, part: u32, e: u32) -> bool {
  return 4u * site.four + e < features;
}

// Their quads in a row, one a column.
alias Run = mat4x4<f32>;

// The quad of feature e.
#for e in 0..4
fn input_${e}_0(run: Run) -> vec4<f32> {
  return run[${e}];
}
#end
