// What a convolution reads: spikes, packed by place (conv/pack): a texel has the bits of `run_fours` times
// four channels of a place, `block_quads` quads of time steps each. So one load gives what many products
// take. With conv/map.

#reads input: vec4<u32>;  // [blocks][batch][place][groups][texels]

// A run is a texel under one tap of the kernel.
struct Site {
  tap: Tap,      // whose plane is that of no channel
  feature: u32,  // the first channel's
  channel: u32,  // the first, within the group
  texel: u32,    // of the place
}

fn site_of(run: u32, group: u32) -> Site {
  let tap = run / ${texels}u;
  let texel = run % ${texels}u;
  let channel = texel * ${4 * run_fours}u;
  return Site(tap_in(0u, tap), tap * ${channels}u + channel, channel, group * ${texels}u + texel);
}

// Fours of channels in a run.
fn fours_of(site: Site) -> u32 {
  return min(${run_fours}u, (${channels + 3}u - site.channel) >> 2u);
}

fn feature_of(site: Site, part: u32, e: u32) -> u32 {
#if channels % (4 * run_fours) == 0
  return site.feature + 4u * part + e;
#else
  return site.feature + min(4u * part + e, ${channels - 1}u - site.channel);
#end
}

// Whether a run has a feature there.
fn has_feature(site: Site, part: u32, e: u32) -> bool {
  return site.channel + 4u * part + e < ${channels}u;
}

alias Run = vec4<u32>;

fn input_run(block: u32, row: Row, site: Site) -> Run {
  let place = place_of(row, site.tap);
  let first = (block * batch + row.sample) * ${height * width}u;
#if padded
  let inside = place != NONE;
  let texel = input_at((first + select(0u, place, inside)) * ${groups * texels}u + site.texel);
  return select(vec4<u32>(0u), texel, inside);
#else
  return input_at((first + place) * ${groups * texels}u + site.texel);
#end
}

// The run whose first four is the one after.
fn next_four(run: Run) -> Run {
#if block_quads == 1
  return (run >> vec4<u32>(16u)) | vec4<u32>(run.yzw << vec3<u32>(16u), 0u);
#else
  return vec4<u32>(run.yzw, 0u);
#end
}

#if staged
// The four of a run that has so many before it, alone.
fn run_from(run: Run, part: u32) -> Run {
  return vec4<u32>(run[(part * ${block_quads}u) >> 1u] >> (part * ${block_quads}u % 2u * 16u), 0u, 0u, 0u);
}
#end

// Quad q of the block, of channel k of the run.
#for k in 0..4 * run_fours
#for q in 0..block_quads
#let b = 4 * (k * block_quads + q)
fn input_${k}_${q}(run: Run) -> vec4<f32> {
  return vec4<f32>(bitcast<vec4<i32>>(vec4<u32>(run[${b / 32}]) >> vec4<u32>(${b % 32}u, ${b % 32 + 1}u, ${b % 32 + 2}u, ${b % 32 + 3}u)) & vec4<i32>(1));
}
#end
#end
