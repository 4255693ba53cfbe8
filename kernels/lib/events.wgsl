// Spike events: a list of features for each sample, and for each of them its spikes as words of bits.
// Both are textures, which software drivers read many times faster than storage buffers.
//
// A list is in `entries`, feature | value << 24, four to a texel, filled up with zeros that never spike.
// The spikes of entry i of a sample, `block` being four words: texel (sample * capacity + i) * blocks + block.
