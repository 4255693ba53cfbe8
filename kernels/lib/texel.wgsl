// Where element i of a texture lies that is addressed by one number.
fn texel(i: u32) -> vec2<u32> {
  return vec2<u32>(i & 8191u, i >> 13u);
}
