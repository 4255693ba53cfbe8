#if lengths
// How many time steps each sample has; those after its end are none of its own.
#binding var<storage, read> lengths: array<u32>;  // [batch], 1 to T
#end
