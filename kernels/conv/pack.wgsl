// What a convolution reads, laid out so that it is read fast. A lane packs a word, or four numbers.
//
// Spikes, packed by place for conv/read_packed: [blocks][batch][place][groups][texels], a texel having the
// bits of `run_fours` times four channels, `block_quads` quads of time steps each.
//
// Numbers that are the same at each time step, four samples side by side for linear/read_constant: [fours][size];
// samples past the last are 0.

#if constant
override numbers: u32;   // fours of samples * size

#reads values: f32;                                          // [batch][size]
#binding var<storage, read_write> packed: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= numbers) { return; }
  let first = i / ${size}u * 4u;
  let place = i % ${size}u;
  packed[i] = vec4<f32>(
#for s in 0..4
    select(0.0, values_at(min(first + ${s}u, ${batch - 1}u) * ${size}u + place), first + ${s}u < ${batch}u),
#end
  );
}
#else
override numbers: u32;   // batch * size

#reads spikes: u32;                                     // [ceil(T / 32)][numbers]
#binding var<storage, read_write> packed: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  // Lanes beside each other have places beside each other.
  let place = i % ${places}u;
  let word = i / ${places}u % ${4 * texels * groups}u;
  let sample = i / ${places * 4 * texels * groups}u % ${batch}u;
  let block = i / ${places * 4 * texels * groups * batch}u;
  if (block >= ${blocks}u) { return; }
  let group = word / ${4 * texels}u;
  let time_word = (block * ${block_quads}u) >> 3u;
  let shift = ((block * ${block_quads}u) & 7u) * 4u;
  var bits = 0u;
#for c in 0..8 / block_quads
  {
    let channel = word % ${4 * texels}u * ${8 / block_quads}u + ${c}u;
    let plane = (sample * ${groups}u + group) * ${channels}u + min(channel, ${channels - 1}u);
    let own = (spikes_at(time_word * numbers + plane * ${places}u + place) >> shift) & ${block_mask}u;
    bits |= select(0u, own, channel < ${channels}u) << ${4 * block_quads * c}u;
  }
#end
  packed[((block * ${batch}u + sample) * ${places}u + place) * ${4 * texels * groups}u + word] = bits;
}
#end
