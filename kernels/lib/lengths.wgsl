// How many time steps each sample has, where they may be fewer than T: what is after those doesn't count.
#binding var<storage, read> lengths: array<u32>;  // [batch], 1 to T
