// Spike events: a list of features for each sample, and for each of them its spikes as words of bits.
// Both are textures, which software drivers read many times faster than storage buffers.
//
// A list is `pixels`, feature | value << 24, four to a texel, filled up with zeros that never spike.
// The spikes of entry i of a sample, `block` being four words: texel (sample * capacity + i) * blocks + block.

#include lib/texel

// A spike at bit r of a word is read as the factor 0 or 2^r, which is cheaper than to shift the bit
// down; UNIT_r scales back, which is exact. (Bit 31 is the sign: -2^31.)
#for r in 0..32
const UNIT_${r} = ${1 - 2 * (r == 31)}.0 / f32(1u << ${r}u);
#end
